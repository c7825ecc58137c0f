<?php

declare(strict_types=1);

namespace Fiscalgate\Tests\Bitrix;

use Bitrix\Main\Entity\DataManager;
use Bitrix\Main\Event;
use Bitrix\Sale\BasketItem;
use Bitrix\Sale\Order;
use Bitrix\Sale\Payment;
use Fiscalgate\Cashbox\Handlers;
use Fiscalgate\Cashbox\Operation;
use Fiscalgate\Cashbox\TableOperations;
use PHPUnit\Framework\TestCase;

final class EventTrackTest extends TestCase
{
    protected function setUp(): void
    {
        World::fresh();
    }

    public function testPaidOrderIsKeptOnceWhateverFlaps(): void
    {
        $order = World::order();
        $this->paid($order);
        $this->paid($order);
        $order->fields['PAID'] = 'N';
        $this->paid($order);
        $order->fields['PAID'] = 'Y';
        $this->paid($order);
        self::assertCount(1, DataManager::$rows);
        $receipt = World::receipt('bx1-1237');
        self::assertSame(['Чай', 'Доставка'], array_column($receipt['purchases'], 'productName_1030'));
        self::assertSame([11, 6], array_column($receipt['purchases'], 'tax_1199'));
        self::assertEquals(['ecash_1081' => 250], $receipt['payments']);
        self::assertSame('buyer@example.ru', $receipt['sendToEmail_1008']);
    }

    public function testOrderThatIsNotPaidOrIsCancelledOrCostsNothingHasNoReceipt(): void
    {
        $this->paid(World::order(['PAID' => 'N']));
        $this->paid(World::order(['CANCELED' => 'Y']));
        $this->paid(new Order(['ID' => 2], [], []));
        self::assertSame([], DataManager::$rows);
    }

    public function testAnotherTrackLeavesOrdersAlone(): void
    {
        World::fresh(['TRACK' => 'cashbox']);
        $this->paid(World::order());
        self::assertSame([], DataManager::$rows);
    }

    public function testOnlyOrdersSinceAndOfChosenPaymentSystems(): void
    {
        World::fresh(['SINCE' => '2027-01-01']);
        $this->paid(World::order());
        self::assertSame([], DataManager::$rows);
        World::fresh(['PAY_SYSTEMS' => '2, 3']);
        $this->paid(World::order());
        self::assertSame([], DataManager::$rows);
        World::fresh(['PAY_SYSTEMS' => '1', 'SINCE' => '2020-01-01']);
        $this->paid(World::order());
        self::assertCount(1, DataManager::$rows);
    }

    public function testWaysOfPaying(): void
    {
        $payments = [new Payment(['ID' => 1, 'SUM' => 100, 'IS_CASH' => 'Y']), new Payment(['ID' => 2, 'SUM' => 50, 'INNER' => true]),
            new Payment(['ID' => 3, 'SUM' => 100]), new Payment(['ID' => 4, 'SUM' => 999, 'PAID' => 'N'])];
        $this->paid(World::order([], $payments));
        self::assertEquals(['cash_1031' => 100, 'prepayment_1215' => 50, 'ecash_1081' => 100], World::receipt('bx1-1237')['payments']);
    }

    public function testOrderThatDoesNotAddUpIsVisibleAndNotSent(): void
    {
        $this->paid(World::order(['PRICE' => 260]));
        $operation = World::find('bx1-1237');
        self::assertSame(['refused', 0], [$operation->state, $operation->dueAt]);
        self::assertStringContainsString('250.00', $operation->error);
        self::assertSame(0, World::services()->worker()->run(10));
    }

    public function testRoundingOfThirdsIsDealtOut(): void
    {
        $items = [new BasketItem(['NAME' => 'Три', 'PRICE' => 33.3333, 'QUANTITY' => 3, 'SUM' => 100, 'VAT_RATE' => 0.1])];
        $this->paid(new Order(['ID' => 3], $items, [new Payment(['ID' => 1, 'SUM' => 100])]));
        self::assertSame([33.34, 66.66], array_column(World::receipt('bx1-3')['purchases'], 'amount_1043'));
    }

    public function testRefundIsOfThePaymentThatWasReturned(): void
    {
        $order = World::order([], [new Payment(['ID' => 1, 'SUM' => 200]), new Payment(['ID' => 2, 'SUM' => 50])]);
        $payment = $order->payments[1];
        $payment->fields['IS_RETURN'] = 'Y';
        $this->saved($payment);
        self::assertSame([], DataManager::$rows, 'nothing was sold');
        $this->paid($order);
        $payment->fields['PAID'] = 'N';
        $this->saved($payment);
        $this->saved($payment);
        self::assertCount(2, DataManager::$rows);
        $receipt = World::receipt('bx1-1237-refund-2');
        self::assertSame(2, $receipt['receiptType_1054']);
        self::assertEquals(50, array_sum(array_column($receipt['purchases'], 'amount_1043')));
    }

    public function testPaymentThatIsOnlyUnmarkedIsNoRefund(): void
    {
        $order = World::order();
        $this->paid($order);
        $order->payments[0]->fields['PAID'] = 'N';
        $this->saved($order->payments[0]);
        self::assertCount(1, DataManager::$rows);
    }

    public function testPrepaymentIsSettledWhenHandedOver(): void
    {
        World::fresh(['PREPAYMENT' => 'Y', 'SETTLE_STATUSES' => 'F, DF']);
        $order = World::order(['STATUS_ID' => 'F']);
        $this->status($order);
        self::assertSame([], DataManager::$rows, 'nothing was paid');
        $this->paid($order);
        self::assertSame([1, 1], array_column(World::receipt('bx1-1237')['purchases'], 'paymentFormCode_1214'));
        self::assertSame([12, 6], array_column(World::receipt('bx1-1237')['purchases'], 'tax_1199'));
        $order->fields['STATUS_ID'] = 'N';
        $this->status($order);
        self::assertCount(1, DataManager::$rows);
        $order->fields['STATUS_ID'] = 'DF';
        $this->status($order);
        $this->status($order);
        self::assertCount(2, DataManager::$rows);
        $second = World::receipt('bx1-1237-settle');
        self::assertEquals(['prepayment_1215' => 250], $second['payments']);
        self::assertSame([4, 4], array_column($second['purchases'], 'paymentFormCode_1214'));
    }

    public function testWhatWasRefusedIsMadeAnewUnderItsNumber(): void
    {
        $order = World::order(['PRICE' => 260]);
        $this->paid($order);
        unset($order->fields['PRICE']);
        $track = World::services()->eventTrack();
        self::assertTrue($track->again(World::find('bx1-1237'), $order));
        $operation = World::find('bx1-1237');
        self::assertSame('new', $operation->state);
        self::assertGreaterThan(0, $operation->dueAt);
        self::assertFalse($track->again($operation, $order));
        self::assertCount(1, DataManager::$rows);
    }

    public function testWhatFailedIsTriedUnderTheNextNumber(): void
    {
        $order = World::order();
        $this->paid($order);
        $operation = World::find('bx1-1237');
        foreach (['unknown', 'queued', 'done', 'conflict'] as $state) {
            $operation->state = $state;
            self::assertFalse(World::services()->eventTrack()->again($operation, $order), $state);
        }
        $operation->state = 'failed';
        (new TableOperations())->save($operation);
        self::assertTrue(World::services()->eventTrack()->again($operation, $order));
        self::assertSame(Operation::SALE, World::find('bx1-1237-try-2')->kind);
        self::assertFalse(World::services()->eventTrack()->again($operation, $order));
        self::assertCount(2, DataManager::$rows);
    }

    public function testNothingThatGoesWrongReachesTheCore(): void
    {
        World::fresh(['URL' => 'not an address']);
        $this->paid(World::order());
        DataManager::$before = static function (): void {
            throw new \Error('the database is away');
        };
        World::fresh();
        DataManager::$before = static function (): void {
            throw new \Error('the database is away');
        };
        $this->paid(World::order());
        Handlers::onOrderPaid(new Event('sale', 'OnSaleOrderPaid', ['ENTITY' => null]));
        Handlers::onPaymentSaved(new Event('sale', 'OnSalePaymentEntitySaved'));
        self::assertSame([], DataManager::$rows);
    }

    public function testTwoHitsAtOnceKeepOne(): void
    {
        $order = World::order();
        DataManager::$before = function () use ($order): void {
            $this->paid($order);
        };
        $this->paid($order);
        self::assertCount(1, DataManager::$rows);
    }

    private function paid(Order $order): void
    {
        Handlers::onOrderPaid(new Event('sale', 'OnSaleOrderPaid', ['ENTITY' => $order]));
    }

    private function status(Order $order): void
    {
        Handlers::onStatusChange(new Event('sale', 'OnSaleStatusOrderChange', ['ENTITY' => $order]));
    }

    private function saved(Payment $payment): void
    {
        Handlers::onPaymentSaved(new Event('sale', 'OnSalePaymentEntitySaved', ['ENTITY' => $payment]));
    }
}
