<?php

declare(strict_types=1);

namespace FiscalgateWoo\WordpressTests;

use FiscalgateWoo\Operation;
use FiscalgateWoo\Order_Reader;
use FiscalgateWoo\Sweeper;
use FiscalgateWoo\Worker;

/**
 * What happens in the shop, from the hook to the receipt.
 */
final class ShopTest extends SiteCase
{
    public function testAPaymentFixesTheReceiptAndAsksNobody(): void
    {
        $order = self::order();
        $order->payment_complete();
        self::assertSame([], $this->asked);
        self::assertSame('planned', self::state($order));
        self::assertSame([['fiscalgate_run', [$order->get_id(), 'sale']]], array_map(static function (array $action): array {
            return [$action['hook'], $action['args']];
        }, fake_actions()));
        $data = json_decode(self::operation($order)->submission()->getJson(), true)[0]['data'];
        self::assertSame('Чай "Иван" \\ <b>100</b> г', $data['purchases'][0]['productName_1030']);
        self::assertEquals([10, 11, 10], [$data['purchases'][0]['price_1079'], $data['purchases'][0]['tax_1199'], $data['payments']['ecash_1081']]);
    }

    public function testWhateverComesTwiceIsOneOperation(): void
    {
        $order = self::order();
        $order->payment_complete();
        $first = self::operation($order)->to_text();
        foreach (['on-hold', 'processing', 'completed', 'processing', 'completed'] as $status) {
            wc_get_order($order->get_id())->update_status($status);
        }
        $order->payment_complete();
        self::assertSame($first, self::operation($order)->to_text());
        self::assertCount(1, fake_actions());
        $this->answers = [self::accepted((string) $order->get_id())];
        self::runQueue();
        self::runQueue();
        self::assertCount(1, array_filter($this->asked, static function (array $request): bool {
            return strpos($request['url'], 'create-receipt') !== false;
        }));
        self::assertSame('sent', self::state($order));
    }

    public function testCashOnDeliveryIsPaidWhenItIsDelivered(): void
    {
        $order = self::order(['method' => 'cod']);
        $order->update_status('processing');
        self::assertSame('none', self::state($order));
        $order->update_status('completed');
        self::assertSame('planned', self::state($order));
        $data = json_decode(self::operation($order)->submission()->getJson(), true)[0]['data'];
        self::assertEquals(['cash_1031' => 10], $data['payments']);
    }

    public function testWhatIsNotWantedGetsNone(): void
    {
        foreach ([['after' => '2999-01-01'], ['methods' => ['card']], ['code' => ''], ['on_payment' => 'no', 'statuses' => []]] as $settings) {
            $this->settings($settings);
            $order = self::order();
            $order->payment_complete();
            self::assertSame('none', self::state($order), (string) wp_json_encode($settings));
            self::assertSame([], fake_actions());
        }
    }

    public function testAnotherCurrencyHasNoReceipt(): void
    {
        $order = self::order(['currency' => 'KZT']);
        $order->payment_complete();
        self::assertSame('none', self::state($order));
        do_action('woocommerce_order_action_fiscalgate_make', $order);
        self::assertSame('refused', self::state($order), 'not by the button either');
    }

    public function testAnErrorOfOursIsNoneOfTheCheckout(): void
    {
        $break = static function (): void {
            throw new \Error('another plugin breaks it');
        };
        add_filter('fiscalgate_woo_receipt', $break);
        $order = self::order();
        $order->payment_complete();
        self::assertSame('processing', wc_get_order($order->get_id())->get_status());
        self::assertCount(1, fake_actions(), 'the queue has it all the same');
        remove_filter('fiscalgate_woo_receipt', $break);
        $this->answers = [self::accepted((string) $order->get_id())];
        self::runQueue();
        self::assertSame('sent', self::state($order));
    }

    public function testAnotherPluginCannotChangeTheSum(): void
    {
        $change = static function ($receipt) {
            return 'nonsense';
        };
        add_filter('fiscalgate_woo_receipt', $change);
        $order = self::order();
        $order->payment_complete();
        remove_filter('fiscalgate_woo_receipt', $change);
        self::assertSame('refused', self::state($order));
    }

    public function testAnOrderThatDoesNotAddUpSaysSo(): void
    {
        $order = self::order(['total' => '11.00']);
        $order->payment_complete();
        self::assertSame('refused', self::state($order));
        self::assertStringContainsString('11', self::operation($order)->error());
        self::assertSame([$order->get_id()], array_values(array_intersect(Sweeper::orders('attention'), [$order->get_id()])));
        self::runQueue();
        self::assertSame([], $this->asked);
    }

    public function testAGatewayThatIsAwayIsAskedAgainLater(): void
    {
        $order = self::order();
        $order->payment_complete();
        $garbage = self::answer(200, []);
        $garbage['body'] = '<html>';
        foreach ([new \WP_Error('http', 'cURL error 28'), self::answer(503, []), $garbage] as $try => $answer) {
            $this->answers = [$answer];
            self::runQueue();
            self::assertSame(['planned', $try + 1], [self::state($order), self::operation($order)->tries()]);
            self::assertCount(1, fake_actions());
            self::assertGreaterThan(time() + 40, fake_actions()[0]['time']);
            $this->makeDue($order);
        }
        $this->answers = [self::accepted((string) $order->get_id())];
        self::runQueue();
        self::assertSame('sent', self::state($order));
        self::assertCount(1, array_unique(array_column($this->asked, 'body')), 'always the same');
    }

    private function makeDue(\WC_Order $order, string $key = Operation::SALE): void
    {
        (new \FiscalgateWoo\Order_Store())->change($order->get_id(), $key, static function (Operation $operation): Operation {
            $operation->claim(0);
            return $operation;
        }, 1.0);
    }

    public function testRefundsAreMadeOfTheRefund(): void
    {
        $order = $this->printed(self::order());
        $item = ['type' => 'line_item', 'id' => 21, 'name' => 'x', 'total' => '-4.098361', 'tax' => '-0.901639', 'quantity' => -1,
            'meta' => ['_refunded_item_id' => '1']];
        $goods = wc_create_refund(['order_id' => $order->get_id(), 'amount' => '5.00', 'fake_items' => [$item]]);
        $sum = wc_create_refund(['order_id' => $order->get_id(), 'amount' => '2.00']);
        $receipts = [];
        foreach ([$goods, $sum] as $refund) {
            $operation = self::operation($order, 'refund-' . $refund->get_id());
            $receipts[(string) $operation->number()] = $operation->total();
            $data = json_decode($operation->submission()->getJson(), true)[0]['data'];
            self::assertSame(2, $data['receiptType_1054']);
            self::assertStringStartsWith('Чай', $data['purchases'][0]['productName_1030']);
        }
        self::assertSame([$order->get_id() . '-refund-1' => 500, $order->get_id() . '-refund-2' => 200], $receipts);
        do_action('woocommerce_order_refunded', $order->get_id(), $sum->get_id());
        $waiting = array_count_values(array_column(array_column(fake_actions(), 'args'), 1));
        self::assertSame([1, 1], [$waiting['refund-' . $goods->get_id()], $waiting['refund-' . $sum->get_id()]]);
    }

    public function testWhatHadNoReceiptIsNotRefundedWithOne(): void
    {
        $order = self::order();
        $refund = wc_create_refund(['order_id' => $order->get_id(), 'amount' => '5.00']);
        self::assertSame('none', self::state($order, 'refund-' . $refund->get_id()));
    }

    public function testPrepaymentThenSettlement(): void
    {
        $this->settings(['prepayment' => 'yes']);
        $order = $this->printed(self::order());
        self::assertSame(1, self::operation($order)->method());
        wc_get_order($order->get_id())->update_status('completed');
        wc_get_order($order->get_id())->update_status('processing');
        wc_get_order($order->get_id())->update_status('completed');
        $settle = self::operation($order, Operation::SETTLEMENT);
        self::assertSame([$order->get_id() . '-settle', 1000], [(string) $settle->number(), $settle->total()]);
        $data = json_decode($settle->submission()->getJson(), true)[0]['data'];
        self::assertEquals([['prepayment_1215' => 10], 4, 11], [$data['payments'], $data['purchases'][0]['paymentFormCode_1214'],
            $data['purchases'][0]['tax_1199']]);
    }

    public function testAProductSaysWhatItIsAndMayBeDeleted(): void
    {
        $parent = wp_insert_post(['post_type' => 'shop_product', 'post_status' => 'publish', 'post_title' => 'x']);
        $variation = wp_insert_post(['post_type' => 'shop_product', 'post_status' => 'publish', 'post_title' => 'x', 'post_parent' => $parent]);
        update_post_meta($parent, Order_Reader::SUBJECT, '4');
        $items = [['type' => 'line_item', 'id' => 1, 'name' => 'A', 'total' => '5', 'product' => $variation],
            ['type' => 'line_item', 'id' => 2, 'name' => 'B', 'total' => '5', 'product' => 99999999]];
        $order = self::order(['items' => $items]);
        $order->payment_complete();
        $lines = json_decode(self::operation($order)->submission()->getJson(), true)[0]['data']['purchases'];
        self::assertSame([4, 1], array_column($lines, 'productTypeCode_1212'));
        self::assertSame([6, 6], array_column($lines, 'tax_1199'));
    }

    public function testManyProcessesChangeOneOrder(): void
    {
        $order = self::order();
        $start = (string) (microtime(true) + 1.5);
        $opened = [];
        for ($i = 0; $i < 4; ++$i) {
            $opened[] = WordpressSite::get()->open('change.php', (string) $order->get_id(), '15', $start);
        }
        array_map([WordpressSite::class, 'wait'], $opened);
        wp_cache_flush();
        self::assertSame(60, self::operation($order)->polls(), 'no change was lost');
        $rows = array_filter(has_meta($order->get_id()), static function (array $row): bool {
            return $row['meta_key'] === '_fiscalgate_op_sale';
        });
        self::assertCount(1, $rows);
        self::assertFalse(get_option('fiscalgate_order_' . $order->get_id() . '.lock'));
    }

    public function testWhatFellOutOfTheQueueIsPutBack(): void
    {
        $order = self::order();
        $order->payment_complete();
        fake_actions([]);
        do_action('fiscalgate_sweep');
        self::assertContains([$order->get_id(), 'sale'], array_column(fake_actions(), 'args'));
    }

    public function testWhatWasRefusedForTheSettingsGoesOnWhenTheyAreMended(): void
    {
        $order = self::order();
        $order->payment_complete();
        $this->answers = [self::answer(401, ['result' => false, 'code' => 'unauthorized', 'error' => 'no', 'errors' => []])];
        self::runQueue();
        self::assertSame(['refused', 'settings'], [self::state($order), self::operation($order)->reason()]);
        update_option('fiscalgate_settings', ['code' => 'another'] + get_option('fiscalgate_settings'));
        self::assertSame([['settings']], array_column(fake_actions(), 'args'));
        self::runQueue();
        $this->answers = [self::accepted((string) $order->get_id())];
        self::runQueue();
        self::assertSame('sent', self::state($order));
    }

    public function testAWorkerAsksWhatBecameOfIt(): void
    {
        $order = self::order();
        $order->payment_complete();
        $this->answers = [self::accepted((string) $order->get_id())];
        self::runQueue();
        self::assertLessThanOrEqual(time() + Worker::POLLS[0], fake_actions()[0]['time']);
        $this->makeDue($order);
        $this->answers = [self::answer(200, ['result' => true, 'id' => 'task-0123456789', 'state' => 'done', 'seq' => 7, 'commands' => [['mark' => self::MARK]]])];
        self::runQueue();
        self::assertSame('done', self::state($order));
        self::assertStringContainsString('/api/fiscal/receipts/task-0123456789', $this->asked[1]['url']);
        $notes = get_comments(['post_id' => $order->get_id(), 'type' => 'order_note']);
        self::assertCount(1, $notes);
        self::assertStringContainsString('9999078900012345', $notes[0]->comment_content);
        self::assertSame([], fake_actions());
    }
}
