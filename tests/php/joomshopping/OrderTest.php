<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate\Tests;

use Fiscalgate\Plugin\System\Fiscalgate\Extension\Fiscalgate;
use Fiscalgate\Plugin\System\Fiscalgate\Orders;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Tests\FakeGateway;
use Joomla\CMS\Log\Log;
use Joomla\Event\FakeEvent;

/**
 * From the events of the shop to the gateway.
 */
final class OrderTest extends Bench
{
    private const TEA = [['Чай', 33.33, 3, 22]];

    public function testTheHookAsksNobody(): void
    {
        $this->shop->order(7, self::TEA, ['order_status' => 6]);
        $this->plugin->onOrderCreated(new FakeEvent([(object) ['order_id' => 7], null]));
        self::assertSame([], $this->gateway->asked);
        self::assertCount(1, $this->receipts->ofOrder(7));
    }

    public function testAnUnpaidOrderGetsNothingUntilItIsPaid(): void
    {
        $this->shop->order(7, self::TEA);
        $this->plugin->onOrderCreated(new FakeEvent([(object) ['order_id' => 7], null]));
        $this->plugin->onOrderStatus(new FakeEvent([7, 2]));
        self::assertSame([], $this->receipts->ofOrder(7));
        $this->plugin->onOrderStatus(new FakeEvent(['7', '6', 1, 1]));
        $this->settle();
        self::assertSame(['7'], $this->numbers());
        self::assertTrue($this->receipts->ofOrder(7)[0]->isDone());
    }

    public function testEventsOfTheShopThatAreHeard(): void
    {
        foreach (Fiscalgate::getSubscribedEvents() as $event => $method) {
            self::assertTrue(method_exists(Fiscalgate::class, $method), $event);
        }
        self::assertArrayHasKey('onAfterCreateOrderFull', Fiscalgate::getSubscribedEvents());
        self::assertArrayHasKey('onAfterChangeOrderStatus', Fiscalgate::getSubscribedEvents());
        self::assertArrayHasKey('onAfterChangeOrderStatusAdmin', Fiscalgate::getSubscribedEvents());
    }

    public function testFlappingStatusesMakeOneSaleAndOneRefund(): void
    {
        $this->shop->order(7, self::TEA);
        foreach ([6, 6, 1, 6, 4, 6, 4, 4] as $status) {
            $this->plugin->onOrderStatus(new FakeEvent([7, $status]));
        }
        $this->settle();
        self::assertSame(['7', '7-refund-1'], $this->numbers());
        self::assertSame([9999, 9999, 2], [$this->gateway->total('7'), $this->gateway->total('7-refund-1'),
            $this->gateway->receipt('7-refund-1')['receiptType_1054']]);
    }

    public function testAnotherPrefixMakesNoSecondSale(): void
    {
        $this->shop->order(7, self::TEA);
        $this->print(7);
        $this->withSettings(['prefix' => 'B-']);
        $this->print(7);
        self::assertSame(['7'], $this->numbers());
        $this->receipts->refund(7, null);
        $this->settle();
        self::assertSame(['7', 'B-7-refund-1'], $this->numbers());
    }

    public function testRefundsInPartsAndTheRestOfADeletedOrder(): void
    {
        $this->shop->order(7, [['Чай', 33.33, 3, 22], ['Книга', 350.5, 1, 10]], ['order_discount' => 50]);
        $this->print(7);
        $this->receipts->refund(7, 10000);
        $this->settle();
        self::assertSame(30049, $this->receipts->remaining(7));
        $this->db->setQuery('DELETE FROM #__jshopping_order_item')->execute();
        $this->db->setQuery('DELETE FROM #__jshopping_orders')->execute();
        $this->receipts->refund(7, null);
        $this->settle();
        self::assertSame(['7', '7-refund-1', '7-refund-2'], $this->numbers());
        self::assertSame([40049, 10000, 30049], array_map([$this->gateway, 'total'], $this->numbers()));
        self::assertNull($this->receipts->refund(7, null));
        $this->expectException(ValidationException::class);
        $this->receipts->refund(7, 1);
    }

    public function testNoMoreIsGivenBackThanWasSold(): void
    {
        $this->shop->order(7, self::TEA);
        $this->print(7);
        $this->expectException(ValidationException::class);
        $this->receipts->refund(7, 10000);
    }

    public function testWithoutASaleNothingIsGivenBack(): void
    {
        $this->shop->order(7, self::TEA);
        self::assertFalse($this->receipts->onStatus(7, 4));
        self::assertSame([], $this->receipts->ofOrder(7));
    }

    public function testTheOwnerChoosesStatusesPaymentsAndWhereToBegin(): void
    {
        $this->withSettings(['paid_statuses' => ['2', '7'], 'payments' => ['1'], 'since' => '2026-11-21 00:00:00']);
        $this->shop->order(1, self::TEA);
        $this->shop->order(2, self::TEA, ['payment_method_id' => 2]);
        $this->shop->order(3, self::TEA, ['order_date' => '2026-11-20 23:59:59']);
        foreach ([1, 2, 3] as $order) {
            self::assertFalse($this->receipts->onStatus($order, 6));
            self::assertSame($order === 1, $this->receipts->onStatus($order, 7));
        }
        self::assertNotNull($this->receipts->sellByHand(3), 'a button does it all the same');
    }

    public function testAPluginThatIsNotSetUpDoesNothing(): void
    {
        $this->withSettings(['url' => '', 'account' => '', 'token' => '', 'code' => '']);
        $this->shop->order(7, self::TEA);
        self::assertFalse($this->receipts->onStatus(7, 6));
        self::assertSame(0, $this->receipts->work());
        self::assertSame([[], []], [$this->receipts->ofOrder(7), Log::$lines]);
    }

    public function testHalfOfTheSettingsIsAReasonTheOwnerSees(): void
    {
        $this->withSettings(['token' => '']);
        $this->shop->order(7, self::TEA);
        $this->receipts->onStatus(7, 6);
        self::assertStringContainsString('kktToken', $this->receipts->ofOrder(7)[0]->getError());
        $this->withSettings([]);
        $this->receipts->retry('7');
        $this->settle();
        self::assertSame(['7'], $this->numbers());
    }

    /** @dataProvider moods */
    public function testTheGatewaysTroubleStaysOutOfTheShop(string $mood): void
    {
        $this->gateway->mood = $mood;
        $this->shop->order(7, self::TEA);
        $this->plugin->onOrderStatus(new FakeEvent([7, 6]));
        $this->receipts->work();
        $operation = $this->receipts->ofOrder(7)[0];
        self::assertNotSame('', $operation->getError());
        self::assertSame($mood !== 'refuses', $operation->getDue() > 0);
        $this->gateway->mood = '';
        $this->receipts->retry('7');
        $this->settle();
        self::assertTrue($this->receipts->ofOrder(7)[0]->isDone());
    }

    public static function moods(): array
    {
        return [['down'], ['garbage'], ['busy'], ['refuses']];
    }

    public function testTheDatabasesTroubleDoesToo(): void
    {
        $this->db->isGone = true;
        $this->plugin->onOrderCreated(new FakeEvent([(object) ['order_id' => 7], null]));
        $this->plugin->onOrderStatus(new FakeEvent([7, 6]));
        self::assertStringContainsString('the server has gone away', implode("\n", Log::$lines));
    }

    public function testTheSchedulerWorks(): void
    {
        $this->shop->order(7, self::TEA);
        $this->receipts->onStatus(7, 6);
        $other = new FakeEvent(['routineId' => 'somebody.else']);
        $this->plugin->onTask($other);
        self::assertSame([false, []], [$other->isStopped, $this->gateway->asked]);
        $task = new FakeEvent(['routineId' => Fiscalgate::ROUTINE]);
        $this->plugin->onTask($task);
        self::assertSame([0, ['POST 7']], [$task->arguments['result']['status'], $this->gateway->asked]);
        $this->db->isGone = true;
        $this->plugin->onTask($task);
        self::assertNotSame(0, $task->arguments['result']['status']);
    }

    public function testNamesComeInTheLanguageThatIsThere(): void
    {
        $this->db->insert('order_status', ['status_id' => 6, 'name_en-GB' => 'Paid', 'name_ru-RU' => 'Оплачен']);
        $this->db->insert('order_status', ['status_id' => 7, 'name_en-GB' => 'Complete', 'name_ru-RU' => '']);
        self::assertSame([6 => 'Оплачен', 7 => 'Complete'], (new Orders($this->db))->statuses('ru-RU'));
    }

    public function testNoSecretIsKeptOrLogged(): void
    {
        $this->gateway->mood = 'down';
        $this->shop->order(7, self::TEA);
        $this->receipts->onStatus(7, 6);
        $this->receipts->work();
        $text = implode("\n", Log::$lines) . json_encode($this->receipts->ofOrder(7)[0]->toRow());
        self::assertNotSame([], Log::$lines);
        self::assertStringNotContainsString(FakeGateway::CODE, $text);
        self::assertStringNotContainsString(FakeGateway::TOKEN, $text);
    }
}
