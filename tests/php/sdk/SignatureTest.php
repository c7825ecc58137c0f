<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Callback;
use Fiscalgate\Sdk\Exception\SignatureException;
use Fiscalgate\Sdk\Signature;
use PHPUnit\Framework\TestCase;

final class SignatureTest extends TestCase
{
    /** @dataProvider forms */
    public function testSignsAsTheGatewayExpects(array $row): void
    {
        $fields = $row['fields'];
        $signature = Signature::ofForm(
            $fields['BIT_ACCOUNT_ID'],
            $fields['BIT_KKT_TOKEN'],
            $fields['BIT_ORDER_ID'],
            $row['data'],
            $fields['BIT_CALLBACK_SUCCESS'],
            $fields['BIT_CALLBACK_FAILED'],
            $row['code']
        );
        self::assertSame(strtolower($row['signature']), $signature);
    }

    public static function forms(): array
    {
        return Vectors::named(array_filter(Vectors::load('bit/forms')['accepted'], static function (array $row): bool {
            return $row['signs'] === 'decoded';
        }));
    }

    /** @dataProvider encoded */
    public function testReadsWhatOthersEncode(array $row): void
    {
        self::assertSame($row['data'], Signature::decodeData($row['encoded']));
        self::assertSame($row['data'], Signature::decodeData(Signature::encodeData($row['data'])));
    }

    public static function encoded(): array
    {
        return Vectors::named(Vectors::load('bit/forms')['accepted']);
    }

    public function testEncodesAsPhpDoes(): void
    {
        $rows = self::encoded();
        foreach (['php_rawurlencode', 'every_kind_of_character_php'] as $name) {
            self::assertSame($rows[$name][0]['encoded'], Signature::encodeData($rows[$name][0]['data']));
        }
    }

    public function testWhatIsNoBase64IsNothing(): void
    {
        self::assertNull(Signature::decodeData('{"a":1}'));
    }

    /** @dataProvider webhooks */
    public function testSignsCallbacksAsTheGatewayDoes(array $row): void
    {
        $key = Signature::webhookKey($row['code']);
        self::assertSame($row['secret'], 'whsec_' . base64_encode($key));
        self::assertSame($row['signature'], Signature::ofWebhook($key, $row['id'], (string) $row['timestamp'], $row['body']));
    }

    public static function webhooks(): array
    {
        return Vectors::named(Vectors::load('webhook/signatures')['signatures']);
    }

    /** @dataProvider checks */
    public function testBelievesWhatTheGatewaysOwnCheckBelieves(array $row): void
    {
        $isBelieved = true;
        try {
            Callback::verify($row['id'], (string) $row['timestamp'], $row['header'], $row['body'], $row['now'], [$row['code']]);
        } catch (SignatureException $e) {
            $isBelieved = false;
        }
        self::assertSame($row['valid'], $isBelieved);
    }

    public static function checks(): array
    {
        return Vectors::named(Vectors::load('webhook/signatures')['checks']);
    }

    public function testAnEmptyCodeFitsNothing(): void
    {
        $signature = Signature::ofWebhook(Signature::webhookKey(''), 'id', '100', 'body');
        $this->expectException(SignatureException::class);
        Callback::verify('id', '100', $signature, 'body', 100, ['', 'code']);
    }

    public function testSignsTheQuestionForEvents(): void
    {
        self::assertSame(
            hash_hmac('sha256', 'GET /api/fiscal/events?account=a&after=0&ts=1', 'code'),
            Signature::ofEvents('account=a&after=0&ts=1', 'code')
        );
    }
}
