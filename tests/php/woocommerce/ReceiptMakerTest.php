<?php

declare(strict_types=1);

namespace FiscalgateWoo\Tests;

use Fiscalgate\Sdk\Exception\TotalMismatchException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptType;
use Fiscalgate\Sdk\Vat;
use FiscalgateWoo\Bill;
use FiscalgateWoo\Receipt_Maker;
use FiscalgateWoo\Settings;
use PHPUnit\Framework\TestCase;

final class ReceiptMakerTest extends TestCase
{
    /** @param array<string, mixed> $settings */
    private static function maker(array $settings = [], string $site = 'https://shop.example'): Receipt_Maker
    {
        return new Receipt_Maker(new Settings($settings), $site);
    }

    /** @return array<int, array{string, int, string, int}> name, price, quantity, VAT */
    private static function lines(Receipt $receipt): array
    {
        return array_map(static function (Item $item): array {
            return [$item->getName(), $item->getPrice(), Quantity::format($item->getQuantity()), $item->getVat()];
        }, $receipt->getItems());
    }

    /**
     * @dataProvider orders
     * @param array<int, array<int, mixed>> $expected
     */
    public function testTheReceiptMakesWhatWasPaid(Bill $bill, array $expected): void
    {
        $receipt = self::maker()->sale($bill, PaymentMethod::FULL);
        self::assertSame($bill->total(), $receipt->total());
        self::assertSame($bill->total(), $receipt->getPayments()->total());
        self::assertSame($expected, self::lines($receipt));
    }

    public static function orders(): array
    {
        $v = Vat::RATE_22;
        return [
            'three for 33.33' => [Orders::bill([['A', 9999, 3]], 9999), [['A', 3333, '3', $v]]],
            'three for 100.00' => [Orders::bill([['A', 10000, 3]], 10000), [['A', 3334, '1', $v], ['A', 3333, '2', $v]]],
            'the shop rounds a kopeck up' => [Orders::bill([['A', 3333], ['B', 3333], ['C', 3333]], 10000),
                [['A', 3333, '1', $v], ['B', 3333, '1', $v], ['C', 3334, '1', $v]]],
            'the shop rounds a kopeck down' => [Orders::bill([['A', 5001], ['B', 5001]], 10001),
                [['A', 5001, '1', $v], ['B', 5000, '1', $v]]],
            'a line for nothing' => [Orders::bill([['A', 100], ['Gift', 0], ['B', 1]], 101), [['A', 100, '1', $v], ['B', 1, '1', $v]]],
            'a fee below zero' => [Orders::bill([['A', 1000], ['B', 3000], ['Card', -400]], 3600),
                [['A', 900, '1', $v], ['B', 2700, '1', $v]]],
            'a gift card beside the total' => [Orders::bill([['A', 1000], ['B', 3000]], 3600, false, 400),
                [['A', 900, '1', $v], ['B', 2700, '1', $v]]],
            'several rates' => [Orders::bill([['A', 1000, 1, Vat::RATE_10], ['B', 500, 2, Vat::NONE]], 1500),
                [['A', 1000, '1', Vat::RATE_10], ['B', 250, '2', Vat::NONE]]],
        ];
    }

    public function testAnOrderThatDoesNotAddUpHasNoReceipt(): void
    {
        $this->expectException(TotalMismatchException::class);
        self::maker()->sale(Orders::bill([['A', 1000]], 900), PaymentMethod::FULL);
    }

    public function testAGiftCardMayBeAnAdvance(): void
    {
        $bill = Orders::bill([['A', 1000], ['Card', -300]], 700, true);
        $data = self::maker(['gift' => 'advance'])->sale($bill, PaymentMethod::FULL)->toData();
        self::assertSame(['cash_1031' => '7.00', 'prepayment_1215' => '3.00'], array_map('strval', $data['payments']));
        self::assertSame(1000, self::maker(['gift' => 'advance'])->sale($bill, PaymentMethod::FULL)->total());
        $part = self::maker(['gift' => 'advance'])->refund(Orders::bill([], 200), $bill, PaymentMethod::FULL);
        self::assertSame([200, 200], [$part->total(), $part->getPayments()->total()], 'no card is filled up');
        $all = self::maker(['gift' => 'advance'])->refund(Orders::bill([], 700), $bill, PaymentMethod::FULL);
        self::assertSame(1000, $all->total());
    }

    public function testARefundHasTheGoodsThatItNames(): void
    {
        $rest = Orders::bill([['A', 9999, 3], ['B', 5000]], 14999);
        $receipt = self::maker()->refund(Orders::bill([['A', 3333]], 3333), $rest, PaymentMethod::FULL);
        self::assertSame(ReceiptType::SALE_RETURN, $receipt->getType());
        self::assertSame([['A', 3333, '1', Vat::RATE_22]], self::lines($receipt));
    }

    public function testARefundOfASumHasAShareOfWhatIsLeft(): void
    {
        $rest = Orders::bill([['A', 9000, 3], ['B', 1000]], 10000);
        foreach ([Orders::bill([], 1000), Orders::bill([['A', 3000]], 1000)] as $own) {
            $receipt = self::maker()->refund($own, $rest, PaymentMethod::FULL);
            self::assertSame([['A', 300, '3', Vat::RATE_22], ['B', 100, '1', Vat::RATE_22]], self::lines($receipt));
        }
        self::assertSame(10000, self::maker()->refund(Orders::bill([], 10000), $rest, PaymentMethod::FULL)->total());
    }

    public function testNoMoreIsPaidBackThanThereWas(): void
    {
        $this->expectException(TotalMismatchException::class);
        self::maker()->refund(Orders::bill([], 20000), Orders::bill([['A', 10000]], 10000), PaymentMethod::FULL);
    }

    public function testPrepaymentAndSettlementMakeTheSame(): void
    {
        $bill = Orders::bill([['A', 10000, 3], ['B', 500, 1, Vat::NONE], ['File', 200, 1, Vat::RATE_22, PaymentMethod::FULL], ['Coupon', -70]], 10630);
        $first = self::maker()->sale($bill, PaymentMethod::FULL_PREPAYMENT);
        $prepaid = Receipt_Maker::prepaid($first);
        self::assertSame(10630, $first->total());
        self::assertLessThan(10630, $prepaid, 'what is settled at once is no prepayment');
        $second = self::maker()->settlement($bill, $prepaid);
        self::assertSame($prepaid, $second->total());
        self::assertSame($prepaid, $second->getPayments()->nonCash());
        self::assertSame(['prepayment_1215' => sprintf('%.2F', $prepaid / 100)], array_map('strval', $second->toData()['payments']));
        foreach ($second->getItems() as $item) {
            self::assertSame(PaymentMethod::FULL, $item->getMethod());
            self::assertContains($item->getVat(), [Vat::RATE_22, Vat::NONE]);
            self::assertNotSame('File', $item->getName());
        }
        self::assertContains(Vat::CALCULATED_22, array_column(self::lines($first), 3));
    }

    public function testAnOrderThatChangedIsNotSettled(): void
    {
        $this->expectException(TotalMismatchException::class);
        self::maker()->settlement(Orders::bill([['A', 9000]], 9000), 10000);
    }

    public function testTheBuyerIsReached(): void
    {
        $line = Orders::bill([['A', 100]], 100)->charged();
        $phone = new Bill($line, 100, false, 'none', '8 900 123-45-67');
        self::assertSame('+79001234567', self::maker()->sale($phone, PaymentMethod::FULL)->getCustomer()->getContact());
        $nobody = new Bill($line, 100, false, '', '');
        $shop = self::maker(['fallback_email' => 'shop@example.com'])->sale($nobody, PaymentMethod::FULL);
        self::assertSame('shop@example.com', $shop->getCustomer()->getContact());
        $this->expectException(ValidationException::class);
        self::maker()->sale($nobody, PaymentMethod::FULL);
    }

    public function testTheSiteStandsInTheReceiptWhereItCan(): void
    {
        $bill = Orders::bill([['A', 100]], 100);
        self::assertSame('https://shop.example', self::maker()->sale($bill, 4)->toData()['place_1187']);
        foreach ([self::maker([], 'http://localhost'), self::maker([], 'http://127.0.0.1:80'), self::maker(['internet' => 'no'])] as $maker) {
            self::assertArrayNotHasKey('internetPayment_1125', $maker->sale($bill, 4)->toData());
        }
    }

    public function testWhatIsLeftOfALine(): void
    {
        $line = Orders::bill([['A', 900, 3]], 900)->charged()[0];
        self::assertSame([600, '2'], [$line->without(300, 1000000)->sum(), Quantity::format($line->without(300, 1000000)->item(4)->getQuantity())]);
        self::assertSame('3', Quantity::format($line->without(100, 0)->item(4)->getQuantity()));
        self::assertSame(0, $line->without(1000, 3000000)->sum());
        $discount = Orders::bill([['Card', -300]], 0);
        self::assertSame(300, $discount->taken_off());
    }
}
