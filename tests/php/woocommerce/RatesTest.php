<?php

declare(strict_types=1);

namespace FiscalgateWoo\Tests;

use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Vat;
use FiscalgateWoo\Rates;
use FiscalgateWoo\Settings;
use PHPUnit\Framework\TestCase;

final class RatesTest extends TestCase
{
    /**
     * @dataProvider lines
     * @param string[] $percents
     */
    public function testTheRateOfALine(int $rate, string $setting, array $percents): void
    {
        self::assertSame($rate, Rates::of($setting, $percents));
    }

    public static function lines(): array
    {
        return [
            'the setting counts' => [Vat::RATE_5, '7', ['22.0000']],
            'what the shop charged' => [Vat::RATE_22, Settings::AUTO, ['22.0000']],
            'written with a sign' => [Vat::RATE_10, Settings::AUTO, ['10%']],
            'no tax at all' => [Vat::NONE, Settings::AUTO, []],
            'a tax of nothing' => [Vat::RATE_0, Settings::AUTO, ['0']],
            'twice the same' => [Vat::RATE_20, Settings::AUTO, ['20', '20.00']],
            'a regional tax of nothing beside' => [Vat::RATE_22, Settings::AUTO, ['0.0000', '22']],
            'a setting of nonsense' => [Vat::RATE_7, 'nonsense', ['7']],
        ];
    }

    /**
     * @dataProvider odd
     * @param string[] $percents
     */
    public function testATaxThatNoReceiptKnowsIsNoRate(array $percents): void
    {
        $this->expectException(ValidationException::class);
        Rates::of(Settings::AUTO, $percents);
    }

    public static function odd(): array
    {
        return [[['18']], [['22', '10']], [['-5']], [['22.5']], [['x']], [['']]];
    }

    public function testWhatWasPrepaidHasItsPlainRateWhenItIsHandedOver(): void
    {
        foreach (Vat::ALL as $rate) {
            self::assertSame(Vat::percent($rate), Vat::percent(Rates::of_settlement($rate)));
        }
        self::assertSame(Vat::RATE_22, Rates::of_settlement(Vat::ofPrepayment(Vat::RATE_22)));
        self::assertSame(Vat::NONE, Rates::of_settlement(Vat::NONE));
    }
}
