<?php

declare(strict_types=1);

namespace FiscalgateWoo\WordpressTests;

use FiscalgateWoo\Operation;
use FiscalgateWoo\Order_Store;
use FiscalgateWoo\Plugin;
use FiscalgateWoo\Sdk\Signature;
use FiscalgateWoo\Settings;
use PHPUnit\Framework\TestCase;

/**
 * A shop that is set up, with a gateway that says what the test wants; whoever else is asked is nobody.
 */
abstract class SiteCase extends TestCase
{
    protected const CODE = 'integrity-code-of-the-shop';
    protected const TOKEN = 'token-of-the-register';
    protected const PLUGIN = 'fiscalgate-for-woocommerce/fiscalgate-for-woocommerce.php';
    protected const MARK = ['type' => 'kktReceiptFiscalization', 'state' => 'done', 'fn_1041' => '9999078900012345', 'fd_1040' => 7,
        'fpd_1077' => '0123456789', 'dateTime_1012' => '2026-11-21T13:15:00', 'total_1020' => '10.00', 'receiptType_1054' => 1];

    /** @var array<int, array{url: string, body: string}> what the gateway was asked */
    protected array $asked = [];
    /** @var array<int, mixed> what it will answer, in order */
    protected array $answers = [];

    public static function setUpBeforeClass(): void
    {
        if (!is_plugin_active(self::PLUGIN)) {
            $result = activate_plugin(self::PLUGIN);
            self::assertNull($result, is_wp_error($result) ? $result->get_error_message() : '');
        }
    }

    protected function setUp(): void
    {
        wp_cache_flush();
        wp_set_current_user(1);
        remove_all_filters('pre_http_request');
        add_filter('pre_http_request', function ($nothing, array $arguments, string $url) {
            $this->asked[] = ['url' => $url, 'body' => (string) ($arguments['body'] ?? '')];
            $answer = array_shift($this->answers) ?? new \WP_Error('http', 'nobody is there');
            return is_callable($answer) ? $answer() : $answer;
        }, 10, 3);
        fake_actions([]);
        $this->settings([]);
    }

    /** @param array<string, mixed> $more */
    protected function settings(array $more): Plugin
    {
        $shop = ['gateway' => 'https://gateway.example', 'account' => 'shop', 'token' => self::TOKEN, 'code' => self::CODE];
        remove_all_filters('sanitize_option_' . Settings::OPTION);
        update_option(Settings::OPTION, $more + $shop);
        fake_actions([]);
        return $this->plugin();
    }

    /** The plugin with the settings of this moment, in the place of the one that was loaded before. */
    private function plugin(): Plugin
    {
        $hooks = ['woocommerce_payment_complete', 'woocommerce_order_refunded', 'fiscalgate_run', 'fiscalgate_sweep',
            'admin_post_fiscalgate_order', 'admin_post_fiscalgate_check', 'woocommerce_order_details_after_order_table', 'woocommerce_email_order_meta',
            'update_option_' . Settings::OPTION, 'woocommerce_order_action_fiscalgate_make', 'add_meta_boxes', 'admin_footer', 'admin_notices',
            'woocommerce_admin_process_product_object', 'woocommerce_product_options_general_product_data', 'site_status_tests'];
        array_map('remove_all_filters', array_merge($hooks, preg_grep('/^woocommerce_order_status_/', array_keys($GLOBALS['wp_filter']))));
        foreach (['edit-shop_order', 'woocommerce_page_wc-orders'] as $list) {
            array_map('remove_all_filters', ["bulk_actions-$list", "handle_bulk_actions-$list"]);
        }
        $plugin = new Plugin(WP_PLUGIN_DIR . '/' . self::PLUGIN);
        $plugin->register();
        return $plugin;
    }

    /** @param array<string, mixed> $more */
    protected static function order(array $more = []): \WC_Order
    {
        $items = [['type' => 'line_item', 'id' => 1, 'name' => 'Чай "Иван" \\ <b>100</b> г', 'total' => '8.196721', 'tax' => '1.803279', 'rates' => [3],
            'quantity' => 1], ['type' => 'tax', 'id' => 9, 'rate' => 3, 'percent' => '22.0000']];
        return fake_order($more + ['items' => $items, 'total' => '10.00']);
    }

    protected static function operation(\WC_Order $order, string $key = Operation::SALE): ?Operation
    {
        return (new Order_Store())->find($order->get_id(), $key);
    }

    protected static function state(\WC_Order $order, string $key = Operation::SALE): string
    {
        $operation = self::operation($order, $key);
        return $operation === null ? 'none' : $operation->state();
    }

    /** @return array<string, mixed> */
    protected static function answer(int $status, array $body): array
    {
        return ['headers' => [], 'body' => (string) wp_json_encode($body), 'response' => ['code' => $status, 'message' => ''], 'cookies' => [],
            'filename' => null];
    }

    /** @return array<string, mixed> */
    protected static function accepted(string $number): array
    {
        return self::answer(202, ['result' => true, 'id' => 'task-0123456789', 'state' => 'queued', 'order_id' => $number,
            'receipt_url' => 'https://gateway.example/r/abc']);
    }

    protected static function runQueue(): int
    {
        $actions = fake_actions();
        fake_actions([]);
        foreach ($actions as $action) {
            do_action($action['hook'], ...$action['args']);
        }
        return count($actions);
    }

    protected function printed(\WC_Order $order): \WC_Order
    {
        $order->payment_complete();
        $this->answers[] = self::accepted((string) $order->get_id());
        self::runQueue();
        $answer = self::tell(['id' => 'task-0123456789', 'order_id' => (string) $order->get_id(), 'seq' => 5, 'state' => 'done', self::MARK]);
        self::assertSame(200, $answer->status);
        return $order;
    }

    /** @param array<string, mixed> $outcome */
    protected static function tell(array $outcome, string $code = self::CODE, string $webhookId = '', int $late = 0, string $change = ''): Browser
    {
        $body = 'json=' . rawurlencode((string) wp_json_encode($outcome + ['result' => true]));
        [$id, $time] = [$webhookId ?: uniqid('w'), (string) (time() - $late)];
        $signature = Signature::ofWebhook(Signature::webhookKey($code), $id, $time, $body);
        $browser = new Browser();
        $browser->post('/wp-json/fiscalgate/v1/callback', $body . $change, ["webhook-id: $id", "webhook-timestamp: $time", "webhook-signature: $signature",
            'Content-Type: application/x-www-form-urlencoded']);
        return $browser;
    }

    protected static function shown(callable $work): string
    {
        ob_start();
        $work();
        return (string) ob_get_clean();
    }
}
