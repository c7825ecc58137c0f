<?php

declare(strict_types=1);

namespace FiscalgateWoo\WordpressTests;

/**
 * What the gateway tells, over HTTP.
 */
final class CallbackTest extends SiteCase
{
    private function sent(): \WC_Order
    {
        $order = self::order();
        $order->payment_complete();
        $this->answers = [self::accepted((string) $order->get_id())];
        self::runQueue();
        return $order;
    }

    /** @return array<string, mixed> */
    private static function done(\WC_Order $order): array
    {
        return ['id' => 'task-0123456789', 'order_id' => (string) $order->get_id(), 'seq' => 5, 'state' => 'done', self::MARK];
    }

    public function testAGenuineResultIsTakenOnceAndTheSumInItIsNot(): void
    {
        $order = $this->sent();
        $done = self::done($order);
        $done[0]['total_1020'] = '999.99';
        self::assertSame(200, self::tell($done, self::CODE, 'w1')->status);
        self::assertSame(200, self::tell($done, self::CODE, 'w1')->status);
        self::assertSame(200, self::tell($done, self::CODE, 'w2')->status);
        wp_cache_flush();
        self::assertSame(['done', 1000], [self::state($order), self::operation($order)->total()]);
        self::assertCount(1, get_comments(['post_id' => $order->get_id(), 'type' => 'order_note']));
    }

    public function testWhatIsNotTheGatewaysChangesNothing(): void
    {
        $order = $this->sent();
        $done = self::done($order);
        self::assertSame(401, self::tell($done, 'another code')->status);
        self::assertSame(401, self::tell($done, self::CODE, '', 400)->status);
        self::assertSame(401, self::tell($done, self::CODE, '', -400)->status);
        self::assertSame(401, self::tell($done, self::CODE, '', 0, 'x')->status);
        $browser = new Browser();
        $browser->post('/wp-json/fiscalgate/v1/callback', 'json=1');
        self::assertSame(401, $browser->status);
        $browser->post('/wp-json/fiscalgate/v1/callback', str_repeat('x', 2000000));
        self::assertSame(401, $browser->status);
        $browser->get('/wp-json/fiscalgate/v1/callback');
        self::assertSame(404, $browser->status);
        wp_cache_flush();
        self::assertSame('sent', self::state($order));
    }

    public function testWhatTheShopDoesNotKnow(): void
    {
        $order = $this->sent();
        $done = self::done($order);
        foreach (['nobody', '99999999', $order->get_id() . '-settle', $order->get_id() . '-refund-1', $order->get_id() . '-try-2'] as $number) {
            self::assertSame(404, self::tell(['order_id' => $number] + $done)->status, $number);
        }
        self::assertSame(404, self::tell(['id' => 'task-of-another'] + $done)->status);
        self::assertSame(400, self::tell(['order_id' => 7] + $done)->status);
        wp_cache_flush();
        self::assertSame('sent', self::state($order));
    }

    public function testTheCodeBeforeCountsWhileItIsChanged(): void
    {
        $order = $this->sent();
        $change = ['code' => 'the new code', 'previous_code' => self::CODE];
        $this->settings($change + ['previous_until' => (string) (time() - 1)]);
        self::assertSame(401, self::tell(self::done($order))->status);
        $this->settings($change + ['previous_until' => (string) (time() + 60)]);
        self::assertSame(200, self::tell(self::done($order))->status);
    }

    public function testManyAtOnceAreOneResult(): void
    {
        $order = $this->sent();
        $body = 'json=' . rawurlencode((string) wp_json_encode(self::done($order)));
        $all = curl_multi_init();
        $handles = [];
        for ($i = 0; $i < 6; ++$i) {
            [$id, $time] = ['w-same', (string) time()];
            $signature = \FiscalgateWoo\Sdk\Signature::ofWebhook(\FiscalgateWoo\Sdk\Signature::webhookKey(self::CODE), $id, $time, $body);
            $urls = WordpressSite::get()->urls;
            $handles[$i] = curl_init($urls[$i % count($urls)] . '/wp-json/fiscalgate/v1/callback');
            curl_setopt_array($handles[$i], [CURLOPT_POSTFIELDS => $body, CURLOPT_RETURNTRANSFER => true, CURLOPT_PROXY => '', CURLOPT_TIMEOUT => 30,
                CURLOPT_HTTPHEADER => ["webhook-id: $id", "webhook-timestamp: $time", "webhook-signature: $signature"]]);
            curl_multi_add_handle($all, $handles[$i]);
        }
        do {
            curl_multi_exec($all, $running);
            curl_multi_select($all, 1.0);
        } while ($running > 0);
        foreach ($handles as $handle) {
            self::assertSame(200, curl_getinfo($handle, CURLINFO_RESPONSE_CODE), (string) curl_multi_getcontent($handle));
        }
        wp_cache_flush();
        self::assertSame('done', self::state($order));
        self::assertCount(1, get_comments(['post_id' => $order->get_id(), 'type' => 'order_note']));
    }

    public function testAFailedReceiptIsMadeAgainUnderAnotherNumber(): void
    {
        $order = $this->sent();
        $failed = ['state' => 'failed', 'error' => 'Кончилась бумага', 'advice' => 'Вставьте бумагу'] + self::done($order);
        unset($failed[0]);
        self::assertSame(200, self::tell($failed)->status);
        wp_cache_flush();
        self::assertSame('failed', self::state($order));
        $page = (new Browser())->logIn('manager');
        $form = Browser::form($page->get('/wp-admin/admin.php?page=wc-orders&id=' . $order->get_id()), 'fiscalgate-order-form');
        $page->post('/wp-admin/admin-post.php', $form + ['do' => 'retry:sale']);
        wp_cache_flush();
        self::assertSame([$order->get_id() . '-try-2', 'planned'], [(string) self::operation($order)->number(), self::state($order)]);
        self::assertSame(200, self::tell(['seq' => 6] + $failed)->status, 'a late word on the first try is no news');
        wp_cache_flush();
        self::assertSame('planned', self::state($order));
    }
}
