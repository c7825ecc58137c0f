<?php

declare(strict_types=1);

namespace Fiscalgate\OpenCartTests;

use Fiscalgate\OpenCartTests\Fakes\FakeShop;
use Fiscalgate\Sdk\OpenCart\Operation;
use PHPUnit\Framework\TestCase;

/**
 * What is paid is what the receipt makes, to the kopeck, however the shop came to it.
 */
final class OrderSumsTest extends TestCase
{
    private const DELIVERY = ['shipping', 'Доставка', '300.0000'];

    /**
     * @dataProvider orders
     * @param array<int, array{int|null, int, string, string}> $products
     * @param array<int, array{string, string, string}> $totals
     * @param string[] $lines
     * @param array<string, string|int> $more
     */
    public function testReceiptMakesWhatWasPaid(
        array $products,
        array $totals,
        string $total,
        int $kopecks,
        array $lines,
        array $more = []
    ): void {
        $shop = new FakeShop();
        $shop->order(1237, $products, $totals, $total, $more);
        self::assertTrue($shop->desk()->orderChanged(1237));
        $sale = $shop->find(1237, Operation::SALE);
        self::assertSame([Operation::FRESH, ''], [$sale->state(), $sale->error()]);
        self::assertSame($kopecks, $sale->total());
        self::assertSame($lines, $shop->lines(1237, Operation::SALE));
    }

    /** @return array<string, array<int, mixed>> */
    public static function orders(): array
    {
        return [
            'delivery lives in order_total only: 207.00 and not 202.00' => [
                [[3, 2, '101.0000', '0.0000']], [['shipping', 'Доставка', '5.0000']], '207.0000', 20700,
                ['Товар 3: 10100 x 2, 6', 'Доставка: 500 x 1, 11']],
            '3 x 33.33' => [
                [[3, 3, '33.3300', '0.0000']], [self::DELIVERY], '399.9900', 39999,
                ['Товар 3: 3333 x 3, 6', 'Доставка: 30000 x 1, 11']],
            'tax on top, of two rates' => [
                [[1, 1, '401.6393', '88.3607'], [2, 1, '318.6364', '31.8636']],
                [self::DELIVERY, ['tax', 'НДС 22%', '88.3607'], ['tax', 'НДС 10%', '31.8636']], '1140.5000', 114050,
                ['Товар 1: 49000 x 1, 11', 'Товар 2: 35050 x 1, 2', 'Доставка: 30000 x 1, 11']],
            'a coupon in percent, of which order_total keeps four places' => [
                [[1, 1, '401.6393', '88.3607'], [2, 2, '318.6364', '31.8636']],
                [self::DELIVERY, ['coupon', 'Купон (THIRD)', '-346.2730'], ['tax', 'НДС 22%', '58.9101'], ['tax', 'НДС 10%', '42.4870']],
                '1094.0362', 109404,
                ['Товар 1: 32669 x 1, 11', 'Товар 2: 23368 x 1, 2', 'Товар 2: 23367 x 1, 2', 'Доставка: 30000 x 1, 11']],
            'a coupon of a sum, without taxes' => [
                [[3, 3, '33.3300', '0.0000']], [self::DELIVERY, ['coupon', 'Coupon (FIXED50)', '-50.0000']], '349.9900', 34999,
                ['Товар 3: 1667 x 1, 6', 'Товар 3: 1666 x 2, 6', 'Доставка: 30000 x 1, 11']],
            'a coupon that makes the delivery free' => [
                [[3, 1, '490.0000', '0.0000']], [self::DELIVERY, ['coupon', 'Купон (FREESHIP)', '-300.0000']], '490.0000', 49000,
                ['Товар 3: 49000 x 1, 6']],
            'free delivery' => [
                [[3, 1, '490.0000', '0.0000']], [['shipping', 'Самовывоз', '0.0000']], '490.0000', 49000, ['Товар 3: 49000 x 1, 6']],
            'a surcharge' => [
                [[3, 1, '30.0000', '0.0000']], [self::DELIVERY, ['low_order_fee', 'Малый заказ', '40.0000']], '370.0000', 37000,
                ['Товар 3: 3000 x 1, 6', 'Доставка: 30000 x 1, 11', 'Малый заказ: 4000 x 1, 11']],
            'tax of the delivery stands among the taxes' => [
                [[3, 1, '100.0000', '0.0000']], [self::DELIVERY, ['tax', 'НДС 22%', '66.0000']], '466.0000', 46600,
                ['Товар 3: 10000 x 1, 6', 'Доставка: 36600 x 1, 11']],
            'points, and zero lines, which drop out' => [
                [[3, 1, '100.0000', '0.0000'], [3, 2, '0.0000', '0.0000']], [['reward', 'Баллы', '-33.3300']], '66.6700', 6667,
                ['Товар 3: 6667 x 1, 6']],
            'a discount above what the goods cost' => [
                [[3, 1, '100.0000', '0.0000']], [self::DELIVERY, ['discount', 'Скидка', '-150.0000']], '250.0000', 25000,
                ['Доставка: 25000 x 1, 11']],
            'a currency without kopecks: 1190.02 is paid as 1190' => [
                [[3, 1, '1190.0245', '0.0000']], [], '1190.0245', 119000, ['Товар 3: 119000 x 1, 6'], ['currency_code' => 'RUR']],
            'prices in another currency, paid in roubles' => [
                [[3, 3, '10.0000', '0.0000']], [['shipping', 'Delivery', '5.0000']], '35.0000', 324117,
                ['Товар 3: 92605 x 3, 6', 'Delivery: 46302 x 1, 11'], ['currency_value' => '92.60490000']],
            'a product that is gone keeps the rate it was charged' => [
                [[99, 1, '318.6364', '31.8636']], [['tax', 'НДС 10%', '31.8636']], '350.5000', 35050, ['Товар 99: 35050 x 1, 2']],
            'names as they are, not as HTML has them' => [
                [[3, 1, '10.0000', '0.0000']], [['shipping', 'До двери &quot;Экспресс&quot; &amp; сборка', '1.0000']], '11.0000', 1100,
                ['Товар 3: 1000 x 1, 6', 'До двери "Экспресс" & сборка: 100 x 1, 11']],
        ];
    }


    public function testCertificatesArePaymentsAndNoDiscount(): void
    {
        $shop = new FakeShop();
        $shop->order(5, [[3, 1, '100.0000', '0.0000']], [['voucher', 'Сертификат', '-60.0000']], '40.0000');
        $shop->desk()->orderChanged(5);
        $printed = $shop->find(5, Operation::SALE)->printed();
        self::assertSame([10000, 4000, 6000], [$shop->find(5, Operation::SALE)->total(), $printed->paid('ecash_1081'),
            $printed->paid('prepayment_1215')]);
        $shop = new FakeShop(['certificatesPay' => false]);
        $shop->order(5, [[3, 1, '100.0000', '0.0000']], [['voucher', 'Сертификат', '-60.0000']], '40.0000');
        $shop->desk()->orderChanged(5);
        self::assertSame(['Товар 3: 4000 x 1, 6'], $shop->lines(5, Operation::SALE));
    }

    public function testCertificatesThatAreBoughtAreAdvances(): void
    {
        $shop = new FakeShop(['vat' => 11]);
        $shop->insert('order_voucher', ['order_id' => 6, 'description' => 'Сертификат для Ани', 'amount' => '500.0000']);
        $shop->order(6, [], [], '500.0000');
        $shop->desk()->orderChanged(6);
        $item = $shop->find(6, Operation::SALE)->printed()->items()[0];
        self::assertSame(
            ['Сертификат для Ани', 50000, 3, 10, 12],
            [$item->getName(), $item->getPrice(), $item->getMethod(), $item->getSubject(), $item->getVat()]
        );
    }

    /**
     * @dataProvider unfit
     * @param array<int, array{int|null, int, string, string}> $products
     * @param array<int, array{string, string, string}> $totals
     * @param array<string, string|int> $more
     */
    public function testWhatDoesNotFitIsShownAndNotSent(
        array $products,
        array $totals,
        string $total,
        string $reason,
        string $error,
        array $more = []
    ): void {
        $shop = new FakeShop();
        $shop->order(1237, $products, $totals, $total, $more);
        $shop->desk()->orderChanged(1237);
        $sale = $shop->find(1237, Operation::SALE);
        self::assertSame([Operation::BLOCKED, $reason, 0], [$sale->state(), $sale->reason(), $sale->due()]);
        self::assertStringContainsString($error, $sale->error());
        self::assertNull($sale->submission());
    }

    /** @return array<string, array<int, mixed>> */
    public static function unfit(): array
    {
        $goods = [[3, 2, '101.0000', '0.0000']];
        return [
            'the total is another' => [$goods, [], '207.0000', 'mismatch', '202.00 ≠ 207.00'],
            'a row of the taxes is missing' => [[[1, 1, '401.6393', '88.3607']], [], '490.0000', 'mismatch', '401.64 ≠ 490.00'],
            'the total is another, which rounding to roubles would hide' => [$goods, [], '202.4000', 'mismatch', '202.00 ≠ 202.40',
                ['currency_code' => 'RUR']],
            'a coupon that says free delivery and takes off less' => [
                $goods, [self::DELIVERY, ['coupon', 'Купон (FREESHIP)', '-100.0000']], '402.0000', 'mismatch', '202.00 ≠ 402.00'],
            'not in roubles' => [$goods, [], '202.0000', 'currency', 'USD', ['currency_code' => 'USD']],
            'nobody to send it to' => [$goods, [], '202.0000', 'customer', 'customer', ['email' => 'none', 'telephone' => '1']],
        ];
    }

    public function testOptionsStandInTheName(): void
    {
        $shop = new FakeShop();
        $shop->order(7, [[3, 1, '10.0000', '0.0000']], [], '10.0000');
        $shop->insert('order_option', ['order_id' => 7, 'order_product_id' => 1, 'name' => 'Размер', 'value' => 'XL', 'type' => 'select']);
        $shop->insert('order_option', ['order_id' => 7, 'order_product_id' => 1, 'name' => 'Файл', 'value' => 'abc', 'type' => 'file']);
        $shop->desk()->orderChanged(7);
        self::assertSame(['Товар 3, XL: 1000 x 1, 6'], $shop->lines(7, Operation::SALE));
    }

    public function testMethodsOfOpenCartFourAreJson(): void
    {
        $shop = new FakeShop([], '4.1.0.4');
        $shop->insert('setting', ['store_id' => 0, 'key' => 'shipping_flat_tax_class_id', 'value' => '2']);
        $shop->order(8, [[4, 1, '100.0000', '22.0000']], [self::DELIVERY, ['tax', 'НДС 22%', '88.0000']], '488.0000', [
            'payment_code' => null, 'payment_method' => '{"name":"Cash","code":"cod.cod"}',
            'shipping_code' => null, 'shipping_method' => '{"name":"Flat","code":"flat.flat","tax_class_id":1}']);
        $shop->desk()->orderChanged(8);
        self::assertSame(['Товар 4: 12200 x 1, 11', 'Доставка: 36600 x 1, 11'], $shop->lines(8, Operation::SALE));
        self::assertSame(4, $shop->find(8, Operation::SALE)->printed()->items()[0]->getSubject(), 'what is not delivered is a service');
    }
}
