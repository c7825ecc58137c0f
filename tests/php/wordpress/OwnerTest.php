<?php

declare(strict_types=1);

namespace FiscalgateWoo\WordpressTests;

use FiscalgateWoo\Operation;
use FiscalgateWoo\Order_Store;
use FiscalgateWoo\Plugin;
use FiscalgateWoo\Settings;
use FiscalgateWoo\Uninstaller;

/**
 * The pages of the owner and of the buyer.
 */
final class OwnerTest extends SiteCase
{
    public function testIsThereAndDeclaresWhatItWorksWith(): void
    {
        self::assertSame([self::PLUGIN, true], $GLOBALS['fake_features']['custom_order_tables'] ?? $this->declared()['custom_order_tables']);
        self::assertSame([self::PLUGIN, true], $this->declared()['cart_checkout_blocks']);
        $head = get_plugin_data(WP_PLUGIN_DIR . '/' . self::PLUGIN, false, false);
        self::assertSame([Plugin::VERSION, 'fiscalgate-for-woocommerce'], [$head['Version'], $head['TextDomain']]);
    }

    /** @return array<string, mixed> */
    private function declared(): array
    {
        if (!isset($GLOBALS['fake_features'])) {
            do_action('before_woocommerce_init');
        }
        return $GLOBALS['fake_features'];
    }

    public function testActivationLetsOldOrdersBe(): void
    {
        deactivate_plugins(self::PLUGIN);
        delete_option(Settings::OPTION);
        self::assertNull(activate_plugin(self::PLUGIN));
        self::assertSame(['after' => wp_date('Y-m-d')], get_option(Settings::OPTION));
        update_option(Settings::OPTION, ['after' => '2026-01-01']);
        deactivate_plugins(self::PLUGIN);
        self::assertNull(activate_plugin(self::PLUGIN));
        self::assertSame(['after' => '2026-01-01'], get_option(Settings::OPTION), 'what the owner has chosen stays');
    }

    public function testTheSettingsPageShowsEverythingButSecrets(): void
    {
        $page = (new Browser())->logIn('manager')->get('/wp-admin/admin.php?page=fiscalgate');
        foreach (array_merge(...array_values(Settings::names())) as $name) {
            if (strpos($name, 'previous_') !== 0) {
                self::assertStringContainsString("fiscalgate_settings[$name]", $page);
            }
        }
        foreach (['[vat][standard]', '[vat][vat-10]', 'value="cod"', 'value="on-hold"', '/wp-json/fiscalgate/v1/callback'] as $part) {
            self::assertStringContainsString($part, $page);
        }
        self::assertStringNotContainsString(self::CODE, $page);
        self::assertStringNotContainsString(self::TOKEN, $page);
        self::assertStringNotContainsString('<b>Method</b>', $page);
        $stranger = (new Browser())->logIn('customer');
        $stranger->get('/wp-admin/admin.php?page=fiscalgate');
        self::assertSame(403, $stranger->status);
    }

    public function testWhatIsSavedIsWhatMayBe(): void
    {
        $this->settings(['after' => '2026-01-01']);
        $manager = (new Browser())->logIn('manager');
        $form = Browser::form($manager->get('/wp-admin/admin.php?page=fiscalgate'), 'options.php');
        $form = array_diff_key($form, ['fiscalgate_settings[methods][]' => 1, 'fiscalgate_settings[test_mode]' => 1]);
        $answer = $manager->post('/wp-admin/options.php', ['fiscalgate_settings[gateway]' => 'ftp://nonsense', 'fiscalgate_settings[code]' => 'a new code',
            'fiscalgate_settings[token]' => '', 'fiscalgate_settings[after]' => 'soon', 'fiscalgate_settings[prefix]' => 'shop7',
            'fiscalgate_settings[methods][0]' => 'cod', 'fiscalgate_settings[methods][1]' => '<script>', 'fiscalgate_settings[vat][vat-10]' => '2',
            'fiscalgate_settings[test_mode]' => 'yes', 'fiscalgate_settings[fallback_email]' => 'x'] + $form);
        wp_cache_flush();
        $settings = new Settings(get_option(Settings::OPTION));
        self::assertSame(['https://gateway.example', 'a new code', self::TOKEN, '2026-01-01', '', ''], [$settings->text('gateway'),
            $settings->text('code'), $settings->text('token'), $settings->text('after'), $settings->text('prefix'), $settings->text('fallback_email')]);
        self::assertSame([['cod', 'script'], '2', true, ['a new code', self::CODE]], [$settings->words('methods'), $settings->vat('vat-10'),
            $settings->is('test_mode'), $settings->codes(time())]);
        self::assertStringContainsString('https://fiscal.example', $answer, 'what is wrong is told');
    }

    public function testNobodySavesWithoutTheForm(): void
    {
        $manager = (new Browser())->logIn('manager');
        $manager->post('/wp-admin/options.php', ['option_page' => 'fiscalgate', 'action' => 'update', 'fiscalgate_settings[account]' => 'stolen']);
        self::assertSame(403, $manager->status);
        $form = Browser::form($manager->get('/wp-admin/admin.php?page=fiscalgate'), 'options.php');
        $customer = (new Browser())->logIn('customer');
        $customer->post('/wp-admin/options.php', ['fiscalgate_settings[account]' => 'stolen'] + $form);
        self::assertSame(403, $customer->status);
        wp_cache_flush();
        self::assertSame('shop', (new Settings(get_option(Settings::OPTION)))->text('account'));
    }

    public function testTheConnectionIsChecked(): void
    {
        $this->settings(['gateway' => 'http://127.0.0.1:1']);
        $manager = (new Browser())->logIn('manager');
        $form = Browser::form($manager->get('/wp-admin/admin.php?page=fiscalgate'), 'admin-post.php');
        self::assertStringContainsString('notice-error inline', $manager->post('/wp-admin/admin-post.php', $form));
        $manager->post('/wp-admin/admin-post.php', ['_wpnonce' => 'x'] + $form);
        self::assertSame(403, $manager->status);
        $plugin = $this->settings([]);
        $page = new \FiscalgateWoo\Settings_Page(new Settings(get_option(Settings::OPTION)), [$plugin, 'client'], self::PLUGIN);
        $this->answers = [self::answer(200, ['result' => true, 'receipts' => [], 'warnings' => []]),
            self::answer(401, ['result' => false, 'code' => 'unauthorized', 'error' => 'who are you', 'errors' => []])];
        self::assertSame('ok', $page->checked()[0]);
        self::assertStringContainsString('who are you', $page->checked()[1]);
        self::assertStringEndsWith('/api/fiscal/validate', $this->asked[0]['url']);
    }

    public function testTheOrderPageShowsEachReceipt(): void
    {
        $order = $this->printed(self::order());
        $page = (new Browser())->logIn('manager')->get('/wp-admin/admin.php?page=wc-orders&id=' . $order->get_id());
        foreach (
            ['data-operation="sale" data-state="done"', '9999078900012345', '0123456789', '<svg xmlns', 'viewBox', 'https://gateway.example/r/abc',
            'value="refund-all:"', 'form="fiscalgate-order-form"', 'assets/admin.css'] as $part
        ) {
            self::assertStringContainsString($part, $page);
        }
        self::assertGreaterThan(strpos($page, '</form>'), strpos($page, 'id="fiscalgate-order-form"'), 'no form stands within another');
    }

    public function testWhatIsWrongIsPlainAndHarmless(): void
    {
        $order = self::order();
        $order->payment_complete();
        $this->answers = [self::answer(422, ['result' => false, 'code' => 'invalid', 'error' => '<script>alert(1)</script>', 'errors' => [
            ['path' => '/0/"><img>', 'code' => 'x', 'message' => '<i>']]])];
        self::runQueue();
        $page = (new Browser())->logIn('manager')->get('/wp-admin/admin.php?page=wc-orders&id=' . $order->get_id());
        self::assertStringContainsString('&lt;script&gt;alert(1)&lt;/script&gt;', $page);
        self::assertStringNotContainsString('<script>alert(1)', $page);
        self::assertStringNotContainsString('"><img>', $page);
        self::assertStringContainsString('value="retry:sale"', $page);
    }

    public function testAButtonNeedsTheFormAndTheRight(): void
    {
        $this->settings(['on_payment' => 'no', 'statuses' => []]);
        $order = self::order();
        $order->payment_complete();
        $path = '/wp-admin/admin.php?page=wc-orders&id=' . $order->get_id();
        $manager = (new Browser())->logIn('manager');
        $form = Browser::form($manager->get($path), 'fiscalgate-order-form');
        foreach ([['_wpnonce' => 'x'] + $form, ['order' => (string) ($order->get_id() + 1)] + $form] as $wrong) {
            $manager->post('/wp-admin/admin-post.php', $wrong + ['do' => 'make:sale']);
            self::assertSame(403, $manager->status);
        }
        $customer = (new Browser())->logIn('customer');
        $customer->post('/wp-admin/admin-post.php', $form + ['do' => 'make:sale']);
        self::assertSame(403, $customer->status);
        self::assertSame('none', self::state($order));
        $manager->post('/wp-admin/admin-post.php', $form + ['do' => 'make:nonsense']);
        self::assertSame([], Order_Store::of(wc_get_order($order->get_id())));
        $manager->post('/wp-admin/admin-post.php', $form + ['do' => 'make:sale']);
        wp_cache_flush();
        self::assertSame('planned', self::state($order));
    }

    public function testTheRestIsRefundedByTheButton(): void
    {
        $order = $this->printed(self::order());
        wc_create_refund(['order_id' => $order->get_id(), 'amount' => '3.00']);
        $manager = (new Browser())->logIn('manager');
        $form = Browser::form($manager->get('/wp-admin/admin.php?page=wc-orders&id=' . $order->get_id()), 'fiscalgate-order-form');
        $manager->post('/wp-admin/admin-post.php', $form + ['do' => 'refund-all:']);
        $manager->post('/wp-admin/admin-post.php', $form + ['do' => 'refund-all:']);
        wp_cache_flush();
        $refunds = wc_get_order($order->get_id())->get_refunds();
        self::assertCount(2, $refunds);
        self::assertSame(700, self::operation($order, 'refund-' . $refunds[0]->get_id())->total());
    }

    public function testManyOrdersAtOnce(): void
    {
        $this->settings(['on_payment' => 'no', 'statuses' => []]);
        $orders = [self::order(), self::order()];
        array_walk($orders, static function (\WC_Order $order): void {
            $order->payment_complete();
        });
        $unpaid = self::order();
        $ids = [$orders[0]->get_id(), $orders[1]->get_id(), $unpaid->get_id(), 99999999];
        foreach (['edit-shop_order', 'woocommerce_page_wc-orders'] as $list) {
            self::assertArrayHasKey('fiscalgate_make', apply_filters("bulk_actions-$list", []));
        }
        self::assertSame('/x', apply_filters('handle_bulk_actions-edit-shop_order', '/x', 'trash', $ids));
        wp_set_current_user(get_user_by('login', 'customer')->ID);
        self::assertSame('/x', apply_filters('handle_bulk_actions-edit-shop_order', '/x', 'fiscalgate_make', $ids));
        wp_set_current_user(1);
        self::assertSame('/x?fiscalgate_make=2', apply_filters('handle_bulk_actions-edit-shop_order', '/x', 'fiscalgate_make', $ids));
        self::assertSame(['planned', 'planned', 'none'], [self::state($orders[0]), self::state($orders[1]), self::state($unpaid)]);
    }

    public function testTheBuyerFindsTheReceipt(): void
    {
        $order = wc_get_order($this->printed(self::order())->get_id());
        $page = self::shown(static function () use ($order): void {
            do_action('woocommerce_order_details_after_order_table', $order);
        });
        self::assertStringContainsString('<a href="https://gateway.example/r/abc"', $page);
        foreach ([false, true] as $isPlain) {
            $letter = self::shown(static function () use ($order, $isPlain): void {
                do_action('woocommerce_email_order_meta', $order, false, $isPlain, null);
            });
            self::assertStringContainsString('https://gateway.example/r/abc', $letter);
            self::assertSame($isPlain, strpos($letter, '<') === false);
        }
        self::assertSame('', self::shown(static function () use ($order): void {
            do_action('woocommerce_email_order_meta', $order, true, false, null);
        }));
        self::assertSame('', self::shown(static function (): void {
            do_action('woocommerce_order_details_after_order_table', self::order());
        }));
    }

    public function testTheListOfOrdersShowsWhereSomethingIsWrong(): void
    {
        $order = self::order(['total' => '11.00']);
        $order->payment_complete();
        self::assertArrayHasKey('fiscalgate', apply_filters('manage_woocommerce_page_wc-orders_columns', ['cb' => '']));
        $cell = self::shown(static function () use ($order): void {
            do_action('manage_woocommerce_page_wc-orders_custom_column', 'fiscalgate', wc_get_order($order->get_id()));
        });
        self::assertStringContainsString('fiscalgate-bad', $cell);
    }

    public function testAProductKeepsWhatMayBe(): void
    {
        $id = wp_insert_post(['post_type' => 'shop_product', 'post_status' => 'publish', 'post_title' => 'x']);
        $product = wc_get_product($id);
        $_POST = ['_fiscalgate_subject' => '4', '_fiscalgate_method' => '99'];
        do_action('woocommerce_admin_process_product_object', $product);
        $_POST = [];
        $product->save();
        self::assertSame(['4', ''], [wc_get_product($id)->get_meta('_fiscalgate_subject'), wc_get_product($id)->get_meta('_fiscalgate_method')]);
        self::assertStringContainsString('name="_fiscalgate_subject"', self::shown(static function (): void {
            do_action('woocommerce_product_options_general_product_data');
        }));
    }

    public function testSiteHealthKnows(): void
    {
        $test = static function (): array {
            return (apply_filters('site_status_tests', ['direct' => [], 'async' => []])['direct']['fiscalgate']['test'])();
        };
        $this->settings(['code' => '']);
        self::assertSame('recommended', $test()['status']);
        $this->settings([]);
        $order = self::order(['total' => '11.00']);
        $order->payment_complete();
        self::assertSame('critical', $test()['status']);
        self::assertStringContainsString((string) $order->get_id(), $test()['description']);
        $information = apply_filters('debug_information', []);
        self::assertSame('shop', $information['fiscalgate']['fields']['account']['value']);
        self::assertStringNotContainsString(self::CODE, (string) wp_json_encode($information));
    }

    public function testSpeaksRussian(): void
    {
        $this->assertTrue(load_textdomain('fiscalgate-for-woocommerce', WP_PLUGIN_DIR . '/' . dirname(self::PLUGIN)
            . '/languages/fiscalgate-for-woocommerce-ru_RU.mo'));
        self::assertSame('Чек', __('Receipt', 'fiscalgate-for-woocommerce'));
        self::assertSame('Чеки пробиваются по 3 оплаченным заказам.', sprintf(_n(
            'A receipt is being made for %d paid order.',
            'Receipts are being made for %d paid orders.',
            3,
            'fiscalgate-for-woocommerce'
        ), 3));
        unload_textdomain('fiscalgate-for-woocommerce');
    }

    public function testTheEndOfThePluginKeepsReceiptsUnlessTheOwnerSaysOtherwise(): void
    {
        $order = $this->printed(self::order());
        $this->settings(['delete_data' => 'no']);
        as_enqueue_async_action('fiscalgate_run', [1, 'sale'], 'fiscalgate');
        (new Uninstaller())->run();
        self::assertFalse(get_option(Settings::OPTION));
        self::assertSame([], fake_actions());
        self::assertSame('done', self::state($order));
        $this->settings(['delete_data' => 'yes']);
        (new Uninstaller())->run();
        self::assertSame('none', self::state($order));
        self::assertSame('', wc_get_order($order->get_id())->get_meta(Order_Store::SUMMARY));
    }

    /** The last test of all. */
    public function testPhpSaidNothingOfThePlugin(): void
    {
        self::assertSame('', WordpressSite::get()->complaints());
    }
}
