<?php

declare(strict_types=1);

namespace Fiscalgate\Shopscript\Tests;

use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Tests\FakeGateway;

/**
 * From the actions of the shop to the gateway.
 */
final class OrderTest extends Bench
{
    private const TEA = [['Чай', 33.33, 3, 22], ['Книга', 350.5, 1, 10]];

    public function testHandlersAreThere(): void
    {
        $about = require __DIR__ . '/../../../cms-plugins/shopscript/lib/config/plugin.php';
        foreach (['order_action.pay', 'order_action.refund', 'backend_order'] as $event) {
            self::assertArrayHasKey($event, $about['handlers']);
        }
        foreach ($about['handlers'] as $event => $method) {
            self::assertTrue(method_exists('shopFiscalgatePlugin', $method), $event);
        }
    }

    public function testTheHookAsksNobody(): void
    {
        \FakeShop::order(7, self::TEA);
        $this->plugin->orderPaid(['order_id' => 7, 'action_id' => 'pay', 'id' => 1]);
        self::assertSame([], $this->gateway->asked);
        self::assertCount(1, $this->receipts->ofOrder(7));
    }

    public function testAnOrderThatIsNotPaidGetsNothing(): void
    {
        \FakeShop::order(7, self::TEA, ['paid_date' => '']);
        self::assertFalse($this->receipts->onPaid(7));
        self::assertSame([], $this->receipts->ofOrder(7));
    }

    public function testActionsAgainAndAgainMakeOneSaleAndOneRefund(): void
    {
        \FakeShop::order(7, self::TEA);
        foreach ([1, 2] as $round) {
            $this->plugin->orderPaid(['order_id' => 7, 'id' => 10 + $round]);
            $this->plugin->orderPaid(['order_id' => 7, 'id' => 12 + $round]);
            $this->plugin->orderRefunded(['order_id' => 7, 'id' => 20, 'params' => ['auth_edit' => null]]);
            $this->plugin->orderRefunded(['order_id' => 7, 'id' => 20 + $round]);
        }
        $this->settle();
        self::assertSame(['7', '7-refund-20'], $this->numbers());
        self::assertSame([45049, 45049], array_map([$this->gateway, 'total'], $this->numbers()));
    }

    public function testItemsAreGivenBackAsTheyWereSoldAndThenTheRest(): void
    {
        \FakeShop::order(7, self::TEA, ['shipping' => 300]);
        $this->print(7);
        $item = ['quantity' => 1, 'tax_percent' => null] + \FakeShop::$items[7][0]; // the shop has forgotten the tax
        $this->plugin->orderRefunded(['order_id' => 7, 'id' => 20, 'params' => ['refund_amount' => 33.33, 'refund_items' => ['700' => $item]]]);
        $this->settle();
        unset(\FakeShop::$orders[7], \FakeShop::$items[7]);
        $this->plugin->orderRefunded(['order_id' => 7, 'id' => 21]);
        $this->settle();
        self::assertSame(['7', '7-refund-20', '7-refund-21'], $this->numbers());
        self::assertSame(['Чай x 1 = 33.33, 11'], $this->gateway->lines('7-refund-20'));
        self::assertSame(['Чай x 2 = 66.66, 11', 'Книга x 1 = 350.50, 2', 'Доставка x 1 = 300.00, 6'], $this->gateway->lines('7-refund-21'));
        self::assertSame(0, $this->receipts->remaining(7));
    }

    public function testAnAmountWithoutFittingItemsIsTakenFromAll(): void
    {
        \FakeShop::order(7, self::TEA);
        $this->print(7);
        $this->plugin->orderRefunded(['order_id' => 7, 'id' => 20, 'params' => ['refund_amount' => '100.00', 'refund_items' => \FakeShop::$items[7]]]);
        $this->settle();
        self::assertSame([10000, 35049], [$this->gateway->total('7-refund-20'), $this->receipts->remaining(7)]);
    }

    public function testNoMoreIsGivenBackThanWasSold(): void
    {
        \FakeShop::order(7, self::TEA);
        $this->print(7);
        $this->plugin->orderRefunded(['order_id' => 7, 'id' => 20, 'params' => ['refund_amount' => 500]]);
        $this->settle();
        self::assertSame(45049, $this->gateway->total('7-refund-20'));
        self::assertStringContainsString('More is given back than was sold', implode('', $this->webasyst->log));
        $this->expectException(ValidationException::class);
        $this->receipts->refundByHand(7, null);
    }

    public function testWithoutASaleNothingIsGivenBack(): void
    {
        \FakeShop::order(7, self::TEA);
        self::assertFalse($this->receipts->onRefunded(7, 20, []));
        self::assertSame([], $this->receipts->ofOrder(7));
    }

    public function testWhatIsPrintedStandsInTheOrdersHistoryOnce(): void
    {
        \FakeShop::order(7, self::TEA);
        $this->print(7);
        [$headers, $body] = $this->gateway->callback('7', [], $this->now);
        $this->receipts->receive($headers, $body);
        self::assertCount(1, $this->webasyst->history);
        self::assertStringContainsString('ФН 9999078902012345, ФД 1, ФПД 1234567890', $this->webasyst->history[0]['text']);
        self::assertSame('fiscalgate', $this->webasyst->params[7]['fiscalization_plugin_id']);
    }

    public function testAnOrderThatAnotherPluginHasPrintedIsLeftAlone(): void
    {
        \FakeShop::order(7, self::TEA, [], ['fiscalization_datetime' => '2026-11-21 13:00:00', 'fiscalization_plugin_type' => 'payment',
            'fiscalization_plugin_id' => 'yookassa']);
        $this->plugin->orderPaid(['order_id' => 7]);
        self::assertSame([], $this->receipts->ofOrder(7));
        self::assertStringContainsString('yookassa', implode('', $this->webasyst->log));
    }

    public function testTheOwnerChoosesPaymentsAndWhereToBegin(): void
    {
        $this->withSettings(['payments' => ['1' => '1', '4' => '4'], 'since' => '2026-11-21']);
        \FakeShop::order(1, self::TEA);
        \FakeShop::order(2, self::TEA, [], ['payment_id' => '2']);
        \FakeShop::order(3, self::TEA, ['create_datetime' => '2026-11-20 23:59:59']);
        self::assertSame([true, false, false], array_map([$this->receipts, 'onPaid'], [1, 2, 3]));
        self::assertNotNull($this->receipts->sellByHand(3), 'a button does it all the same');
    }

    /** @dataProvider moods */
    public function testTheGatewaysTroubleStaysOutOfTheShop(string $mood): void
    {
        $this->gateway->mood = $mood;
        \FakeShop::order(7, self::TEA);
        $this->plugin->orderPaid(['order_id' => 7]);
        $this->receipts->work();
        $operation = $this->receipts->ofOrder(7)[0];
        self::assertNotSame('', $operation->getError());
        self::assertSame($mood !== 'refuses', $operation->getDue() > 0);
        $this->gateway->mood = '';
        $this->receipts->retry('7');
        $this->settle();
        self::assertTrue($this->receipts->ofOrder(7)[0]->isDone());
        self::assertStringNotContainsString(FakeGateway::CODE, implode('', $this->webasyst->log));
        self::assertStringNotContainsString(FakeGateway::TOKEN, implode('', $this->webasyst->log));
    }

    public static function moods(): array
    {
        return [['down'], ['garbage'], ['busy'], ['refuses']];
    }

    public function testTheDatabasesTroubleDoesToo(): void
    {
        (new \waModel())->exec('DROP TABLE shop_fiscalgate_operation');
        \FakeShop::order(7, self::TEA);
        $this->plugin->orderPaid(['order_id' => 7]);
        $this->plugin->orderRefunded(['order_id' => 7, 'id' => 1]);
        self::assertSame(['info_section' => ''], $this->plugin->backendOrder(['id' => 7]));
        self::assertCount(3, $this->webasyst->log);
    }

    public function testAPluginThatIsNotSetUpDoesNothing(): void
    {
        $this->withSettings(['url' => '', 'account' => '']);
        \FakeShop::order(7, self::TEA);
        self::assertFalse($this->receipts->onPaid(7));
        self::assertSame([0, []], [$this->receipts->work(), $this->receipts->ofOrder(7)]);
    }
}
