<?php

declare(strict_types=1);

namespace FiscalgateWoo\Tests;

use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\TaxSystem;
use FiscalgateWoo\Settings;
use FiscalgateWoo\Triggers;
use PHPUnit\Framework\TestCase;

final class SettingsTest extends TestCase
{
    private const SHOP = ['gateway' => 'https://gateway.example', 'account' => 'shop', 'token' => 'token', 'code' => 'code'];

    /** @dataProvider nonsense @param mixed $stored */
    public function testWhateverIsStoredGivesSettings($stored): void
    {
        $settings = new Settings($stored);
        self::assertFalse($settings->is_complete());
        self::assertSame(TaxSystem::GENERAL, $settings->taxation());
        self::assertSame(Settings::AUTO, $settings->vat(''));
        self::assertSame(['processing', 'completed'], $settings->words('statuses'));
        self::assertTrue($settings->is('on_payment'));
        self::assertSame([], $settings->codes(0));
    }

    public static function nonsense(): array
    {
        return [[false], [null], ['text'], [['taxation' => '3', 'statuses' => 'x', 'vat' => 7, 'code' => ['x']]]];
    }

    public function testTheAccountIsWhatWasEntered(): void
    {
        $account = (new Settings(self::SHOP + ['ffd' => '1.05']))->account('https://shop.example/wp-json/x');
        self::assertSame(['shop', 'token', 'code', '1.05'], [$account->getId(), $account->getKktToken(), $account->getCode(),
            $account->getFfdVersion()]);
        $this->expectException(ValidationException::class);
        (new Settings(['gateway' => 'http://gateway.example'] + self::SHOP))->account('');
    }

    public function testTheCodeBeforeCountsForCallbacksForAWhile(): void
    {
        $settings = new Settings(self::SHOP + ['previous_code' => 'old', 'previous_until' => '1000']);
        self::assertSame([['code', 'old'], ['code']], [$settings->codes(999), $settings->codes(1000)]);
    }

    public function testVatByTaxClass(): void
    {
        $settings = new Settings(['vat' => ['standard' => '11', 'vat-10' => 2]]);
        self::assertSame(['11', '2', 'auto'], [$settings->vat(''), $settings->vat('vat-10'), $settings->vat('other')]);
    }

    public function testADayBeginsInTheShop(): void
    {
        $moscow = new \DateTimeZone('Europe/Moscow');
        self::assertSame(1767214800, (new Settings(['after' => '2026-01-01']))->since($moscow));
        self::assertSame(0, (new Settings(['after' => 'yesterday']))->since($moscow));
    }

    /**
     * @dataProvider orders
     * @param array<string, mixed> $more
     */
    public function testWhichOrdersGetReceipts(string $obstacle, array $more, string $method, int $created): void
    {
        $triggers = new Triggers(new Settings($more + self::SHOP), new \DateTimeZone('Europe/Moscow'));
        self::assertSame($obstacle, $triggers->obstacle($method, 'RUB', $created));
        self::assertNotSame('', $triggers->obstacle($method, 'KZT', $created));
    }

    public static function orders(): array
    {
        return [
            'any, unless something is said' => ['', [], 'cod', 1],
            'before the set-up' => [Triggers::INCOMPLETE, ['code' => ''], 'cod', 1],
            'the last second before the day' => [Triggers::TOO_EARLY, ['after' => '2026-01-01'], 'cod', 1767214799],
            'the first second of the day' => ['', ['after' => '2026-01-01'], 'cod', 1767214800],
            'a way of payment that was chosen' => ['', ['methods' => ['cod']], 'cod', 1],
            'another' => [Triggers::METHOD, ['methods' => ['cod']], 'bacs', 1],
        ];
    }

    public function testWhatAStatusMakes(): void
    {
        $triggers = new Triggers(new Settings(['prepayment' => 'yes']), new \DateTimeZone('UTC'));
        self::assertTrue($triggers->is_sale('processing', true));
        self::assertFalse($triggers->is_sale('processing', false), 'an order that will be paid on delivery');
        self::assertTrue($triggers->is_sale('completed', false));
        self::assertFalse($triggers->is_sale('on-hold', true));
        self::assertTrue($triggers->is_prepayment('processing'));
        self::assertFalse($triggers->is_prepayment('completed'), 'what is handed over already needs no second receipt');
        self::assertFalse((new Triggers(new Settings([]), new \DateTimeZone('UTC')))->is_prepayment('processing'));
    }
}
