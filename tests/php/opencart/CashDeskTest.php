<?php

declare(strict_types=1);

namespace Fiscalgate\OpenCartTests;

use Fiscalgate\OpenCartTests\Fakes\FakeShop;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\OpenCart\Operation;
use Fiscalgate\Sdk\Outcome;
use Fiscalgate\Sdk\OpenCart\Results;
use PHPUnit\Framework\TestCase;

/**
 * Which receipts an order gets, whatever happens to it, and how often.
 */
final class CashDeskTest extends TestCase
{
    private const PIECE = 1000000;

    /** @return string[] */
    private function operations(FakeShop $shop, int $order = 1237): array
    {
        return array_map(static function (Operation $operation): string {
            return $operation->name() . ' ' . $operation->number() . ' ' . $operation->state() . ' ' . $operation->total();
        }, $shop->operations()->ofOrder($order));
    }

    public function testStatusesThatFlapGiveOneReceiptOfEachKind(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        foreach ([1, FakeShop::PAID, 2, FakeShop::PAID, FakeShop::REFUNDED, FakeShop::PAID, FakeShop::REFUNDED] as $status) {
            $shop->status(1237, $status);
            $shop->desk()->orderChanged(1237);
        }
        self::assertSame(['refund-1 1237-refund-1 new 39999', 'sale 1237 new 39999'], $this->operations($shop));
    }

    public function testTwoWorkersAtOnceGiveOneReceipt(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->desk()->orderChanged(1237);
        $submission = $shop->find(1237, Operation::SALE)->submission();
        self::assertFalse($shop->operations()->add(1237, Operation::SALE, $submission, 1), 'it looked before the other one wrote');
        self::assertSame(['sale 1237 new 39999'], $this->operations($shop));
    }

    /**
     * @dataProvider without
     * @param array<string, mixed> $settings
     * @param array<string, string|int> $order
     */
    public function testOrdersThatGetNone(string $why, array $settings, array $order): void
    {
        $shop = new FakeShop($settings);
        $shop->order(9, [[3, 1, '10.0000', '0.0000']], [], '10.0000', $order);
        self::assertFalse($shop->desk()->orderChanged(9));
        self::assertSame([], $this->operations($shop, 9));
        self::assertSame($why, $shop->plugin()->panel()->show(9)['reason']);
    }

    /** @return array<string, array<int, mixed>> */
    public static function without(): array
    {
        return [
            'switched off' => ['disabled', ['enabled' => false], []],
            'before the day' => ['since', ['since' => '2026-11-23'], []],
            'payment method is not chosen' => ['payment', [], ['payment_code' => 'paypal']],
            'not paid yet' => ['status', [], ['order_status_id' => 1]],
        ];
    }

    public function testNothingPaidIsNothingToPrint(): void
    {
        $shop = new FakeShop();
        $shop->order(9, [[3, 1, '0.0000', '0.0000']], [], '0.0000', ['payment_code' => 'free_checkout']);
        self::assertFalse($shop->desk()->orderChanged(9));
        self::assertSame('free', $shop->plugin()->panel()->show(9)['reason']);
    }

    public function testAnOrderThatIsNotThere(): void
    {
        $shop = new FakeShop();
        self::assertFalse($shop->desk()->orderChanged(404));
        self::assertFalse($shop->desk()->orderChanged(0));
    }

    public function testPartsAreGivenBackUntilNothingIsLeft(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $desk = $shop->desk();
        $desk->orderChanged(1237);
        $order = $shop->plugin()->reader()->read(1237);
        self::assertTrue($desk->refund($order, [0 => self::PIECE], 1));
        self::assertTrue($desk->refund($order, [0 => self::PIECE, 1 => self::PIECE], 2));
        $shop->status(1237, FakeShop::REFUNDED);
        self::assertTrue($desk->orderChanged(1237));
        self::assertSame(['refund-1 1237-refund-1 new 3333', 'refund-2 1237-refund-2 new 33333',
            'refund-3 1237-refund-3 new 3333', 'sale 1237 new 39999'], $this->operations($shop));
        self::assertFalse($desk->orderChanged(1237), 'nothing is left');
        self::assertSame(['Товар 3: 3333 x 1, 6'], $shop->lines(1237, 'refund-3'));
    }

    public function testNoMoreIsGivenBackThanWasSold(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $desk = $shop->desk();
        $desk->orderChanged(1237);
        $order = $shop->plugin()->reader()->read(1237);
        foreach ([[0 => 4 * self::PIECE], [7 => self::PIECE], [0 => -1], []] as $lines) {
            try {
                $desk->refund($order, $lines, 1);
                self::fail('taken: ' . json_encode($lines));
            } catch (ValidationException $e) {
                self::assertSame('refund', $e->getField());
            }
        }
        self::assertCount(1, $this->operations($shop));
    }

    public function testARefundOfTheSameNumberIsMadeOnce(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $desk = $shop->desk();
        $desk->orderChanged(1237);
        $order = $shop->plugin()->reader()->read(1237);
        self::assertTrue($desk->refund($order, [0 => self::PIECE], 1));
        self::assertFalse($desk->refund($order, [0 => self::PIECE], 1), 'the button was pressed twice');
        self::assertCount(2, $this->operations($shop));
    }

    public function testARefundGoesByTheReceiptAndNotByTheOrderAsItIsNow(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->desk()->orderChanged(1237);
        $shop->db->run('DELETE FROM {order_product} WHERE `order_id` = 1237');
        $shop->status(1237, FakeShop::REFUNDED);
        self::assertTrue($shop->desk()->orderChanged(1237));
        self::assertSame(39999, $shop->find(1237, 'refund-1')->total());
        self::assertTrue($shop->plugin()->panel()->show(1237)['differs']);
    }

    public function testWithoutASaleNothingIsGivenBack(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->status(1237, FakeShop::REFUNDED);
        self::assertFalse($shop->desk()->orderChanged(1237));
        self::assertSame([], $this->operations($shop));
    }

    public function testMoneyIsGivenBackAsItWasPaidAndCertificatesLast(): void
    {
        $shop = new FakeShop();
        $shop->order(5, [[3, 4, '25.0000', '0.0000']], [['voucher', 'Сертификат', '-60.0000']], '40.0000', ['payment_code' => 'courier']);
        $desk = $shop->desk();
        $desk->orderChanged(5);
        $order = $shop->plugin()->reader()->read(5);
        $desk->refund($order, [0 => self::PIECE], 1);
        $desk->refund($order, [0 => self::PIECE], 2);
        $desk->refund($order, [0 => 2 * self::PIECE], 3);
        $paid = [];
        foreach (['refund-1', 'refund-2', 'refund-3'] as $name) {
            $printed = $shop->find(5, $name)->printed();
            $paid[] = [$printed->paid('cash_1031'), $printed->paid('ecash_1081'), $printed->paid('prepayment_1215')];
        }
        self::assertSame([[2500, 0, 0], [1500, 0, 1000], [0, 0, 5000]], $paid);
    }

    public function testWhatIsPrepaidGetsASecondReceiptWhenItIsHandedOver(): void
    {
        $shop = new FakeShop(['method' => 1]);
        $shop->order(1237, [[1, 1, '401.6393', '88.3607']], [['tax', 'НДС 22%', '88.3607']], '490.0000');
        $desk = $shop->desk();
        $desk->orderChanged(1237);
        self::assertSame(['Товар 1: 49000 x 1, 12'], $shop->lines(1237, Operation::SALE));
        $shop->status(1237, FakeShop::HANDED_OVER);
        self::assertTrue($desk->orderChanged(1237));
        self::assertFalse($desk->orderChanged(1237));
        self::assertSame(['Товар 1: 49000 x 1, 11'], $shop->lines(1237, Operation::SETTLE));
        self::assertSame(49000, $shop->find(1237, Operation::SETTLE)->printed()->paid('prepayment_1215'));
        $shop->status(1237, FakeShop::REFUNDED);
        $desk->orderChanged(1237);
        $item = $shop->find(1237, 'refund-1')->printed()->items()[0];
        self::assertSame([4, 11], [$item->getMethod(), $item->getVat()], 'what was handed over comes back whole');
        self::assertSame('1237-settle', $shop->find(1237, Operation::SETTLE)->number());
    }

    public function testWithoutAPrepaymentThereIsNoSecondReceipt(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->desk()->orderChanged(1237);
        $shop->status(1237, FakeShop::HANDED_OVER);
        self::assertFalse($shop->desk()->orderChanged(1237));
    }

    public function testTheRetryOfARefusedReceiptIsMadeOfTheOrderAsItIsNow(): void
    {
        $shop = new FakeShop();
        $shop->order(1237, [[3, 1, '10.0000', '0.0000']], [], '11.0000');
        $shop->desk()->orderChanged(1237);
        self::assertSame(['sale 1237 blocked 0'], $this->operations($shop));
        $this->retry($shop, Operation::SALE);
        self::assertSame(['sale 1237 blocked 0'], $this->operations($shop), 'it is still wrong');
        $shop->db->run('UPDATE {order} SET `total` = ? WHERE `order_id` = 1237', '10.0000');
        $this->retry($shop, Operation::SALE);
        self::assertSame(['sale 1237 new 1000'], $this->operations($shop));
    }

    public function testAnotherTryIsMadeOnlyOfWhatSurelyWasNotPrinted(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->desk()->orderChanged(1237);
        $results = new Results($shop->operations());
        foreach (['queued', 'unknown', 'done'] as $seq => $state) {
            $results->take(Outcome::from(FakeShop::outcome('1237', $state, $seq + 1)));
            $this->retry($shop, Operation::SALE);
            self::assertSame(["sale 1237 $state 39999"], $this->operations($shop));
        }
    }

    public function testAFailedReceiptGetsTheNumberOfTheNextTry(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->desk()->orderChanged(1237);
        $results = new Results($shop->operations());
        $results->take(Outcome::from(FakeShop::outcome('1237', 'failed', 1, ['error' => 'Нет бумаги', 'error_class' => 'retry_later'])));
        self::assertSame('Нет бумаги', $shop->find(1237, Operation::SALE)->error());
        $this->retry($shop, Operation::SALE);
        self::assertSame(['sale 1237-try-2 new 39999'], $this->operations($shop));
        self::assertTrue($results->take(Outcome::from(FakeShop::outcome('1237', 'failed', 2))), 'known, and over');
        self::assertSame(['sale 1237-try-2 new 39999'], $this->operations($shop));
        $results->take(Outcome::from(FakeShop::outcome('1237', 'done', 3)));
        self::assertSame('twice', $shop->find(1237, Operation::SALE)->reason(), 'somebody printed the first one all the same');
        $results->take(Outcome::from(FakeShop::outcome('1237-try-2', 'done', 4)));
        self::assertSame(['sale 1237-try-2 done 39999'], $this->operations($shop));
    }

    public function testAFailedReceiptThatCannotBeMadeAnewStaysFailedAndSaysWhy(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->desk()->orderChanged(1237);
        (new Results($shop->operations()))->take(Outcome::from(FakeShop::outcome('1237', 'failed', 1)));
        $shop->db->run('UPDATE {order} SET `email` = ? WHERE `order_id` = 1237', '');
        $this->retry($shop, Operation::SALE);
        $sale = $shop->find(1237, Operation::SALE);
        self::assertSame(['failed', 'customer', '1237'], [$sale->state(), $sale->reason(), $sale->number()]);
        self::assertTrue($shop->plugin()->panel()->show(1237)['operations'][0]['canRetry']);
    }

    public function testAPrefixKeepsTwoSitesOfOneAccountApart(): void
    {
        $shop = new FakeShop(['prefix' => 'A-']);
        $shop->plainOrder();
        $shop->desk()->orderChanged(1237);
        $shop->status(1237, FakeShop::REFUNDED);
        $shop->desk()->orderChanged(1237);
        self::assertSame(['refund-1 A-1237-refund-1 new 39999', 'sale A-1237 new 39999'], $this->operations($shop));
    }

    private function retry(FakeShop $shop, string $name): void
    {
        $shop->now += 10;
        $shop->desk()->retry($shop->plugin()->reader()->read(1237), $shop->find(1237, $name));
    }
}
