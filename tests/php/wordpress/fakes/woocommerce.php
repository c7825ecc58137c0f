<?php

/**
 * Fakes of the parts of WooCommerce that the plugin uses: as much as it takes to try the plugin inside WordPress without it. Orders
 * are posts with one field for what they hold and their meta data beside it, so that all processes of the site share them.
 */

declare(strict_types=1);

defined('ABSPATH') || exit;

foreach (['data', 'items', 'orders', 'shop', 'action-scheduler'] as $fakePart) {
    require_once __DIR__ . "/$fakePart.php";
}

add_action('plugins_loaded', static function (): void {
    do_action('before_woocommerce_init');
}, 5);

add_action('init', static function (): void {
    foreach (['shop_order', 'shop_order_refund', 'shop_product'] as $type) {
        register_post_type($type, ['public' => false, 'show_ui' => $type === 'shop_order', 'supports' => ['title']]);
    }
});

add_action('admin_menu', static function (): void {
    add_menu_page('WooCommerce', 'WooCommerce', 'manage_woocommerce', 'woocommerce', '__return_null');
    // The page of an order, as the high-performance storage has it.
    add_submenu_page('woocommerce', 'Orders', 'Orders', 'edit_shop_orders', 'wc-orders', static function (): void {
        $order = wc_get_order((int) ($_GET['id'] ?? 0));
        do_action('add_meta_boxes', 'woocommerce_page_wc-orders', $order);
        echo '<form method="post" id="order"><input type="hidden" name="order_status" value="x">';
        do_meta_boxes('woocommerce_page_wc-orders', 'side', $order);
        echo '</form>';
    });
});
