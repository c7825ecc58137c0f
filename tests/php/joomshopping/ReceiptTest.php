<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate\Tests;

/**
 * What a receipt says is what the buyer has paid.
 */
final class ReceiptTest extends Bench
{
    private const ALL = [['Чай', 33.33, 3, 22], ['Кружка', 490, 2, 22], ['Книга', 350.5, 1, 10], ['Открытка', 99.9, 2, 0], ['Подарок', 0, 1, 22]];

    /** @dataProvider orders */
    public function testTheReceiptMakesWhatWasPaid(array $items, array $more): void
    {
        $this->shop->order(7, $items, $more);
        $this->print(7);
        $row = $this->db->setQuery('SELECT order_total FROM #__jshopping_orders')->loadAssoc();
        self::assertSame(['7'], $this->numbers(), json_encode($this->receipts->ofOrder(7)[0]->toRow()));
        self::assertSame((int) round($row['order_total'] * 100), $this->gateway->total('7'));
        foreach ($this->gateway->receipt('7')['purchases'] as $purchase) {
            self::assertGreaterThan(0, $purchase['amount_1043']);
        }
    }

    public static function orders(): array
    {
        $delivery = ['order_shipping' => 10, 'shipping_tax' => 22, 'shipping_tax_ext' => serialize(['22.00' => 1.80])];
        $surcharge = ['order_payment' => 4, 'payment_tax' => 22, 'payment_tax_ext' => serialize(['22.00' => 0.72])];
        $net = ['display_price' => 1] + $delivery + $surcharge;
        return [
            'three for a third' => [[['Чай', 33.33, 3, 22]], []],
            'delivery and surcharge' => [self::ALL, $delivery + $surcharge],
            'free delivery' => [self::ALL, ['order_shipping' => 0]],
            'packing' => [self::ALL, ['order_package' => 15.5]],
            'a coupon in percent' => [self::ALL, $delivery + ['order_discount' => 543.38]],
            'a fixed coupon' => [self::ALL, $delivery + ['order_discount' => 50]],
            'everything but the delivery' => [[['Чай', 33.33, 1, 22]], $delivery + ['order_discount' => 33.33]],
            'a coupon into the delivery' => [[['Чай', 33.33, 1, 22]], $delivery + ['order_discount' => 40]],
            'prices with four places' => [[['Провод', 12.3456, 7, 22], ['Гвоздь', 0.0349, 100, 22]], []],
            'half a metre' => [[['Ткань', 199.99, 0.5, 22]], []],
            'prices without tax' => [self::ALL, $net],
            'without tax, a discount before it' => [self::ALL, $net + ['order_discount' => 543.38]],
            'without tax, a discount after it' => [self::ALL, $net + ['order_discount' => 543.38, 'taxAfterDiscount' => true]],
            'delivery of two rates' => [self::ALL, ['order_shipping' => 300,
                'shipping_tax_ext' => serialize(['22.00' => 36.07, '10.00' => 9.09])]],
        ];
    }

    public function testLinesAreNamedAndTaxedAsInTheOrder(): void
    {
        $this->shop->order(7, self::ALL, ['order_shipping' => 10, 'shipping_tax' => 22, 'order_payment' => 4, 'payment_tax' => 22]);
        $this->print(7);
        self::assertSame(['Чай x 3 = 99.99, 11', 'Кружка x 2 = 980.00, 11', 'Книга x 1 = 350.50, 2', 'Открытка x 2 = 199.80, 6',
            'Доставка x 1 = 10.00, 11', 'Наценка за способ оплаты x 1 = 4.00, 11'], $this->gateway->lines('7'));
        $receipt = $this->gateway->receipt('7');
        self::assertSame(['buyer@example.com', 'https://shop.example/', ['ecash_1081' => 1644.29]], [$receipt['sendToEmail_1008'],
            $receipt['place_1187'], $receipt['payments']]);
    }

    public function testTheOwnersRatesCount(): void
    {
        $this->withSettings(['vat_goods' => '7', 'vat_delivery' => '6', 'tax_system' => '2', 'subject' => '4', 'method' => '1', 'internet' => '0']);
        $this->shop->order(7, [['Урок', 100, 1, 22]], ['order_shipping' => 10]);
        $this->print(7);
        self::assertSame(['Урок x 1 = 100.00, 9', 'Доставка x 1 = 10.00, 6'], $this->gateway->lines('7'));
        $receipt = $this->gateway->receipt('7');
        self::assertSame([2, 4, 1], [$receipt['taxationType_1055'], $receipt['purchases'][0]['productTypeCode_1212'],
            $receipt['purchases'][0]['paymentFormCode_1214']]);
        self::assertArrayNotHasKey('place_1187', $receipt);
    }

    public function testCashIsCash(): void
    {
        $this->withSettings(['cash_payments' => ['3']]);
        $this->shop->order(7, [['Чай', 33.33, 3, 22]], ['payment_method_id' => 3]);
        $this->print(7);
        self::assertSame(['cash_1031' => 99.99], $this->gateway->receipt('7')['payments']);
    }

    /** @dataProvider impossible */
    public function testWhatMakesNoReceiptIsNotSentAndSaysWhy(array $more, array $items, string $why): void
    {
        $this->shop->order(7, $items, $more);
        $this->print(7);
        self::assertSame([], $this->gateway->asked);
        $operation = $this->receipts->ofOrder(7)[0];
        self::assertTrue($operation->needsSomebody());
        self::assertStringContainsString($why, $operation->getError());
    }

    public static function impossible(): array
    {
        $tea = [['Чай', 33.33, 3, 22]];
        return [
            'another total' => [['order_total' => '120.0000'], $tea, 'the lines make 99.99, the order total is 120.00'],
            'another currency' => [['currency_code_iso' => 'EUR'], $tea, 'EUR'],
            'no such rate' => [[], [['Чай', 33.33, 3, 19]], '19'],
            'no contact' => [['email' => '-', 'phone' => '-'], $tea, 'phone'],
            'a discount nobody granted' => [['display_price' => 1, 'order_discount' => 1, 'order_total' => '60.0000'], $tea, 'the lines make'],
        ];
    }

    public function testABuyerWithoutContactGetsTheShops(): void
    {
        $this->withSettings(['email' => 'receipts@shop.example']);
        $this->shop->order(7, [['Чай', 33.33, 3, 22]], ['email' => '']);
        $this->print(7);
        self::assertSame('receipts@shop.example', $this->gateway->receipt('7')['sendToEmail_1008']);
    }

    public function testAttributesBelongToTheNameAndMarkupDoesNot(): void
    {
        $this->shop->order(7, [['Футболка <b>&laquo;Утро&raquo;</b>', 500, 1, 22]]);
        $this->db->setQuery("UPDATE #__jshopping_order_item SET product_attributes = 'Цвет: синий\nРазмер: L\n'")->execute();
        $this->print(7);
        self::assertSame(['Футболка «Утро», Цвет: синий, Размер: L x 1 = 500.00, 11'], $this->gateway->lines('7'));
    }

    public function testNothingPaidNothingPrinted(): void
    {
        $this->shop->order(7, [['Подарок', 0, 1, 22]]);
        $this->print(7);
        self::assertSame([], $this->receipts->ofOrder(7));
    }
}
