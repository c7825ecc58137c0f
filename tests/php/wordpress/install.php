<?php

/**
 * Sets the site up: an owner, a manager of the shop, a customer, both plugins. Words: the folder of the site.
 */

declare(strict_types=1);

define('ABSPATH', $argv[1]);
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1';
require ABSPATH . 'wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

add_filter('pre_wp_mail', '__return_false');
wp_install('Shop', 'owner', 'owner@example.com', true, '', 'owner-password');
update_option('permalink_structure', '/%postname%/');
update_option('timezone_string', 'Europe/Moscow');
update_option('active_plugins', ['woocommerce/woocommerce.php']);
$manager = add_role('shop_manager', 'Shop manager', ['read' => true, 'manage_woocommerce' => true, 'edit_shop_orders' => true]);
foreach (['manage_woocommerce', 'edit_shop_orders'] as $right) {
    get_role('administrator')->add_cap($right);
}
wp_insert_user(['user_login' => 'manager', 'user_pass' => 'manager-password', 'role' => 'shop_manager', 'user_email' => 'manager@example.com']);
wp_insert_user(['user_login' => 'customer', 'user_pass' => 'customer-password', 'role' => 'subscriber', 'user_email' => 'customer@example.com']);
