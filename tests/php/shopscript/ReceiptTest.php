<?php

declare(strict_types=1);

namespace Fiscalgate\Shopscript\Tests;

/**
 * What a receipt says is what the buyer has paid.
 */
final class ReceiptTest extends Bench
{
    /** @dataProvider orders */
    public function testTheReceiptMakesWhatWasPaid(array $items, array $more = [], array $params = []): void
    {
        \FakeShop::order(7, $items, $more, $params);
        $this->print(7);
        self::assertSame(['7'], $this->numbers(), json_encode($this->receipts->ofOrder(7)[0]->toRow()));
        self::assertSame((int) round(\FakeShop::$orders[7]['total'] * 100), $this->gateway->total('7'));
        foreach ($this->gateway->receipt('7')['purchases'] as $purchase) {
            self::assertGreaterThan(0, $purchase['amount_1043']);
        }
    }

    public static function orders(): array
    {
        $all = [['Чай', 33.33, 3, 22], ['Кружка', 490, 2, 22], ['Книга', 350.5, 1, 10], ['Открытка', 99.9, 2], ['Подарок', 0, 1, 22]];
        $net = [['Чай', 33.33, 3, 22, 0], ['Кружка', 490, 2, 22, 0], ['Книга', 350.5, 1, 10, 0]];
        $taxed = ['shipping_tax_percent' => '22', 'shipping_tax_included' => '0'];
        return [
            'three for a third' => [[['Чай', 33.33, 3, 22]]],
            'delivery' => [$all, ['shipping' => 300], ['shipping_tax_percent' => '22', 'shipping_tax_included' => '1']],
            'free delivery' => [$all, ['shipping' => 0]],
            'a discount on the order' => [$all, ['shipping' => 300, 'discount' => 543.38]],
            'discounts in the lines' => [[['Чай', 33.33, 3, 22, 1, 10.01], ['Книга', 350.5, 1, 10, 1, 35.05]], ['discount' => 45.06]],
            'discounts in the lines and beside them' => [[['Чай', 33.33, 3, 22, 1, 10.01], ['Книга', 350.5, 1, 10]], ['discount' => 60]],
            'a line for nothing' => [[['Чай', 33.33, 3, 22, 1, 99.99], ['Книга', 350.5, 1, 10]], ['discount' => 99.99]],
            'a discount into the delivery' => [[['Чай', 33.33, 1, 22]], ['shipping' => 300, 'discount' => 50]],
            'half a metre and 0.333 kilogrammes' => [[['Ткань', 199.99, 0.5, 22], ['Сыр', 899.9, 0.333, 10]]],
            'tax on top' => [$net, ['shipping' => 300], $taxed],
            'tax on top, with a discount' => [$net, ['shipping' => 300, 'discount' => 100], $taxed],
            'tax on top, discounts in the lines' => [[['Чай', 33.33, 3, 22, 0, 10.01]], ['discount' => 10.01]],
        ];
    }

    public function testLinesAreNamedAndTaxedAsInTheOrder(): void
    {
        \FakeShop::order(7, [['Чай &laquo;Утро&raquo; <b>', 33.33, 3, 22], ['Открытка', 99.9, 2], ['Вода', 50, 1, 0]], ['shipping' => 300],
            ['shipping_name' => 'Курьер', 'shipping_tax_percent' => '10', 'shipping_tax_included' => '1', 'payment_id' => '3']);
        \FakeShop::$items[7][1]['type'] = 'service';
        $this->withSettings(['cash_payments' => ['3' => '3'], 'vat_zero' => '5']);
        $this->print(7);
        self::assertSame(['Чай «Утро» x 3 = 99.99, 11', 'Открытка x 2 = 199.80, 6', 'Вода x 1 = 50.00, 5',
            'Доставка: Курьер x 1 = 300.00, 2'], $this->gateway->lines('7'));
        $receipt = $this->gateway->receipt('7');
        self::assertSame([['cash_1031' => 649.79], 'buyer@example.com', 'https://shop.example/', 4], [$receipt['payments'],
            $receipt['sendToEmail_1008'], $receipt['place_1187'], $receipt['purchases'][1]['productTypeCode_1212']]);
    }

    public function testTheOwnersRatesCount(): void
    {
        $this->withSettings(['vat_goods' => '7', 'vat_delivery' => '6', 'tax_system' => '2', 'subject' => '9', 'method' => '1', 'internet' => '']);
        \FakeShop::order(7, [['Урок', 100, 1, 22]], ['shipping' => 10]);
        $this->print(7);
        self::assertSame(['Урок x 1 = 100.00, 9', 'Доставка x 1 = 10.00, 6'], $this->gateway->lines('7'));
        $receipt = $this->gateway->receipt('7');
        self::assertSame([2, 9, 1], [$receipt['taxationType_1055'], $receipt['purchases'][0]['productTypeCode_1212'],
            $receipt['purchases'][0]['paymentFormCode_1214']]);
        self::assertArrayNotHasKey('place_1187', $receipt);
    }

    /** @dataProvider impossible */
    public function testWhatMakesNoReceiptIsNotSentAndSaysWhy(array $items, array $more, array $contact, string $why): void
    {
        \FakeShop::$contacts[1] = $contact;
        \FakeShop::order(7, $items, $more);
        $this->print(7);
        self::assertSame([], $this->gateway->asked);
        $operation = $this->receipts->ofOrder(7)[0];
        self::assertTrue($operation->needsSomebody());
        self::assertStringContainsString($why, $operation->getError());
    }

    public static function impossible(): array
    {
        $buyer = ['email' => 'buyer@example.com'];
        return [
            'another total' => [[['Чай', 33.33, 3, 22]], ['total' => '120.0000'], $buyer, 'the lines make 99.99, the order total is 120.00'],
            'another currency' => [[['Чай', 33.33, 3, 22]], ['currency' => 'USD'], $buyer, 'USD'],
            'no such rate' => [[['Чай', 33.33, 3, 19]], [], $buyer, '19'],
            'no contact' => [[['Чай', 33.33, 3, 22]], [], ['email' => 'none'], 'phone'],
        ];
    }

    public function testPhonesAreKeptWithoutThePlus(): void
    {
        \FakeShop::$contacts[1] = ['phone' => '79161234567'];
        \FakeShop::order(7, [['Чай', 33.33, 3, 22]]);
        $this->print(7);
        self::assertSame('+79161234567', $this->gateway->receipt('7')['sendToEmail_1008']);
    }

    public function testABuyerWhoIsGoneGetsTheShopsAddress(): void
    {
        $this->withSettings(['email' => 'receipts@shop.example']);
        \FakeShop::order(7, [['Чай', 33.33, 3, 22]], ['contact_id' => 99]);
        $this->print(7);
        self::assertSame('receipts@shop.example', $this->gateway->receipt('7')['sendToEmail_1008']);
    }
}
