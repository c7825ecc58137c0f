<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\TotalMismatchException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptBuilder;
use Fiscalgate\Sdk\ReceiptType;
use Fiscalgate\Sdk\Shop\SoldReceipt;
use Fiscalgate\Sdk\Submission;
use Fiscalgate\Sdk\TaxSystem;
use Fiscalgate\Sdk\Vat;
use PHPUnit\Framework\TestCase;

final class SoldReceiptTest extends TestCase
{
    public function testGivesBackWhatWasSoldLineByLine(): void
    {
        $refund = (new SoldReceipt($this->sale()))->refund(45000);
        self::assertSame(ReceiptType::SALE_RETURN, $refund->getType());
        self::assertSame(['Чай 1 3334 11', 'Чай 2 6666 11', 'Книга 1 35000 2'], self::lines($refund));
        self::assertSame(45000, $refund->getPayments()->nonCash());
        self::assertSame('https://shop.example/', $refund->toData()['place_1187']);
    }

    public function testAPartIsTakenFromAllLines(): void
    {
        self::assertSame(['Чай 3 1500 11', 'Книга 1 5250 2'], self::lines((new SoldReceipt($this->sale()))->refund(6750)));
    }

    public function testWhatIsGivenBackIsNotGivenBackTwice(): void
    {
        $book = Item::of('Книга', 0, Quantity::ONE, Vat::RATE_10);
        $first = ReceiptBuilder::refund(TaxSystem::GENERAL, 35000)->addItem($book, 35000)->build(Customer::phone('+79161234567'));
        $left = (new SoldReceipt($this->sale()))->without(self::submission('1-refund-1', $first));
        self::assertSame(10000, $left->total());
        self::assertSame(['Чай 1 3334 11', 'Чай 2 6666 11'], self::lines($left->refund(10000)));
        $this->expectException(TotalMismatchException::class);
        $left->refund(10001);
    }

    public function testAPartOfALineLeavesTheRest(): void
    {
        $tea = Item::of('Чай', 0, Quantity::ONE, Vat::RATE_22);
        $first = ReceiptBuilder::refund(TaxSystem::GENERAL, 3333)->addItem($tea, 3333)->build(Customer::phone('+79161234567'));
        $left = (new SoldReceipt($this->sale()))->without(self::submission('1-refund-1', $first));
        self::assertSame(['Чай 1 3334 11', 'Чай 1 3333 11', 'Книга 1 35000 2'], self::lines($left->refund(41667)));
    }

    public function testCashAndMarkingCodesComeBackAsTheyWere(): void
    {
        $boots = Item::of('Сапоги', 10000, Quantity::ONE, Vat::RATE_22)->withSubject(PaymentSubject::MARKED);
        $receipt = ReceiptBuilder::sale(TaxSystem::GENERAL, 10000)->addItem($boots, null, ['0104600000000000215abc'])
            ->paidBy(Payments::cash(10000))->build(Customer::email('buyer@example.com'));
        $refund = (new SoldReceipt(self::submission('1', $receipt)))->refund(10000);
        self::assertSame([10000, 0], [$refund->getPayments()->total(), $refund->getPayments()->nonCash()]);
        self::assertSame('0104600000000000215abc', $refund->getItems()[0]->getMarkingCode());
    }

    public function testFindsALineByItsName(): void
    {
        $sold = new SoldReceipt($this->sale());
        self::assertSame(Vat::RATE_10, $sold->find(' Книга ')->getVat());
        self::assertNull($sold->find('Кружка'));
    }

    private function sale(): Submission
    {
        $receipt = ReceiptBuilder::sale(TaxSystem::GENERAL, 45000)
            ->addItem(Item::of('Чай', 0, Quantity::pieces(3), Vat::RATE_22), 10000)
            ->addItem(Item::of('Книга', 0, Quantity::ONE, Vat::RATE_10), 35000)
            ->build(Customer::phone('+79161234567'))->withSite('https://shop.example/');
        return self::submission('1', $receipt);
    }

    private static function submission(string $number, Receipt $receipt): Submission
    {
        return Submission::of(OrderNumber::parse($number), $receipt, new Account('https://gateway.example', 'a', 'b', 'c'));
    }

    /** @return string[] */
    private static function lines(Receipt $receipt): array
    {
        return array_map(static function (Item $item): string {
            return implode(' ', [$item->getName(), Quantity::format($item->getQuantity()), $item->getSum(), $item->getVat()]);
        }, $receipt->getItems());
    }
}
