<?php

declare(strict_types=1);

namespace Fiscalgate\Tests\Bitrix;

use Fiscalgate\Cashbox\CheckReceipt;
use Fiscalgate\Cashbox\Settings;
use Fiscalgate\Sdk\Exception\TotalMismatchException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Json;
use PHPUnit\Framework\TestCase;

final class CheckReceiptTest extends TestCase
{
    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    private static function make(array $data, string $type = 'sell'): array
    {
        $settings = new Settings(['TAX_SYSTEM' => '1'], ['NOT_VAT' => 6, 'ADVANCE' => 11, '3' => '11', '4' => '2']);
        $data += ['client_phone' => '8 (916) 123-45-67', 'client_email' => ''];
        return Json::decode(Json::encode(CheckReceipt::make($data, $type, $settings)->toData()));
    }

    /** @return array<string, mixed> */
    private static function item(float $price, float $quantity, float $sum, int $vat = 3): array
    {
        return ['name' => 'Чай', 'price' => $price, 'quantity' => $quantity, 'sum' => $sum, 'vat' => $vat,
            'payment_object' => 'commodity'];
    }

    /** @dataProvider types */
    public function testTypesOfChecks(string $type, int $method, int $direction, int $vat): void
    {
        $made = self::make(['items' => [self::item(10, 1, 10)], 'payments' => [['type' => 'cash', 'sum' => 10]]], $type);
        self::assertSame(
            [$method, $direction, $vat],
            [$made['purchases'][0]['paymentFormCode_1214'], $made['receiptType_1054'], $made['purchases'][0]['tax_1199']]
        );
    }

    /** @return array<string, array{string, int, int, int}> */
    public static function types(): array
    {
        return ['sell' => ['sell', 4, 1, 11], 'sellreturncash' => ['sellreturncash', 4, 2, 11],
            'advancepayment' => ['advancepayment', 3, 1, 12], 'advancereturn' => ['advancereturn', 3, 2, 12],
            'prepayment' => ['prepayment', 2, 1, 12], 'fullprepaymentreturncash' => ['fullprepaymentreturncash', 1, 2, 12],
            'credit' => ['credit', 6, 1, 11], 'creditpayment' => ['creditpayment', 7, 1, 11]];
    }

    /** @dataProvider unknownTypes */
    public function testOtherTypesAreNotPrinted(string $type): void
    {
        $this->expectException(ValidationException::class);
        self::make(['items' => [self::item(10, 1, 10)], 'payments' => [['type' => 'cash', 'sum' => 10]]], $type);
    }

    /** @return array<int, array{string}> */
    public static function unknownTypes(): array
    {
        return [['correctionsell'], ['sellpayment'], [''], ['return']];
    }

    public function testSumThatPriceTimesQuantityDoesNotMakeIsSplit(): void
    {
        $made = self::make(['items' => [self::item(33.333333333333, 3, 100)], 'payments' => [['type' => 'cashless', 'sum' => 100]]]);
        self::assertSame([33.34, 66.66], array_column($made['purchases'], 'amount_1043'));
        self::assertSame('+79161234567', $made['sendToEmail_1008']);
    }

    public function testRatesAndDeliveryWithoutOne(): void
    {
        $made = self::make([
            'items' => [self::item(10, 1, 10), self::item(5, 1, 5, 4), self::item(3, 1, 3, 0), self::item(0, 1, 0)],
            'payments' => [['type' => 'cash', 'sum' => 8], ['type' => 'advance', 'sum' => 10]],
        ]);
        self::assertSame([11, 2, 6], array_column($made['purchases'], 'tax_1199'));
        self::assertEquals(['cash_1031' => 8, 'prepayment_1215' => 10], $made['payments']);
    }

    public function testCheckThatDoesNotAddUpIsRefused(): void
    {
        $this->expectException(TotalMismatchException::class);
        self::make(['items' => [self::item(10, 1, 10)], 'payments' => [['type' => 'cash', 'sum' => 11]]]);
    }

    public function testUnknownRateIsRefused(): void
    {
        $this->expectExceptionMessage('99');
        self::make(['items' => [self::item(10, 1, 10, 99)], 'payments' => [['type' => 'cash', 'sum' => 10]]]);
    }

    public function testMarkingCodeStandsForOnePiece(): void
    {
        $item = ['payment_object' => 'commodity_marking', 'marking_code' => '0104'] + self::item(10, 1, 10);
        $made = self::make(['items' => [$item], 'payments' => [['type' => 'cash', 'sum' => 10]]]);
        self::assertSame([33, '0104'], [$made['purchases'][0]['productTypeCode_1212'], $made['purchases'][0]['markingCode_2000']]);
        $item['marking_code'] = '';
        $made = self::make(['items' => [$item], 'payments' => [['type' => 'cash', 'sum' => 10]]]);
        self::assertSame(32, $made['purchases'][0]['productTypeCode_1212']);
    }

    public function testItemOfAnAdvanceHasNoSubjectOfItsOwn(): void
    {
        $item = ['name' => 'Аванс', 'price' => 10, 'quantity' => 1, 'sum' => 10];
        $made = self::make(['items' => [$item], 'payments' => [['type' => 'cash', 'sum' => 10]]], 'advancepayment');
        self::assertSame([10, 12], [$made['purchases'][0]['productTypeCode_1212'], $made['purchases'][0]['tax_1199']]);
    }

    public function testSupplierMakesTheShopAnAgent(): void
    {
        $item = ['supplier_info' => ['name' => 'ООО', 'inn' => '7701870710', 'phones' => ['+79000000009']]] + self::item(10, 1, 10);
        $made = self::make(['items' => [$item], 'payments' => [['type' => 'cash', 'sum' => 10]]]);
        self::assertSame('7701870710', $made['purchases'][0]['supplierInn_1226']);
    }
}
