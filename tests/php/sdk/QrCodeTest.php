<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\QrCode;
use PHPUnit\Framework\TestCase;

final class QrCodeTest extends TestCase
{
    private const RECEIPT = 't=20261121T1315&s=749.89&fn=9999078900012345&i=123&fp=1234567890&n=1';

    /**
     * The images were read by a scanner once; this is what it read.
     *
     * @dataProvider images
     */
    public function testDrawsWhatAScannerReads(string $text, int $edge, string $digest): void
    {
        $svg = QrCode::svg($text);
        self::assertStringContainsString("viewBox=\"0 0 $edge $edge\"", $svg);
        self::assertSame($digest, substr(hash('sha256', $svg), 0, 16));
    }

    public static function images(): array
    {
        return [
            'one byte' => ['1', 29, '937a05e79422cc40'],
            'a receipt' => [self::RECEIPT, 45, 'a923c43b56dd6f23'],
            'with a number of its version' => [substr(str_repeat(self::RECEIPT, 4), 0, 120), 53, '8bb2907d0188c24b'],
            'the longest' => [substr(str_repeat(self::RECEIPT, 4), 0, 213), 65, '972aadb273ddf869'],
        ];
    }

    public function testEverySizeUpToTheLimitHasAnImage(): void
    {
        for ($length = 1; $length <= 213; $length += 4) {
            self::assertNotFalse(simplexml_load_string(QrCode::svg(str_repeat('x', $length))), "$length bytes");
        }
        self::assertSame('', QrCode::svg(str_repeat('x', 214)));
        self::assertSame('', QrCode::svg(''));
    }
}
