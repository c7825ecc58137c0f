<?php
/**
 * Plugin Name:          Fiscalgate for WooCommerce
 * Description:          Fiscal receipts (54-FZ) for paid orders and refunds, through a Fiscalgate gateway and your own cash register.
 * Version:              1.0.0
 * Requires at least:    5.9
 * Requires PHP:         7.4
 * Requires Plugins:     woocommerce
 * Author:               Fiscalgate
 * License:              Apache-2.0
 * License URI:          https://www.apache.org/licenses/LICENSE-2.0
 * Text Domain:          fiscalgate-for-woocommerce
 * Domain Path:          /languages
 * WC requires at least: 6.0
 * WC tested up to:      7.9
 *
 * @package FiscalgateWoo
 */

defined( 'ABSPATH' ) || exit;

if ( PHP_VERSION_ID < 70400 || ! is_readable( __DIR__ . '/sdk/autoload.php' ) ) {
	return;
}

require_once __DIR__ . '/sdk/autoload.php';
require_once __DIR__ . '/includes/autoload.php';

add_action(
	'before_woocommerce_init',
	static function () {
		if ( class_exists( \Automattic\WooCommerce\Utilities\FeaturesUtil::class ) ) {
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', __FILE__, true );
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'cart_checkout_blocks', __FILE__, true );
		}
	}
);

add_action(
	'init',
	static function () {
		load_plugin_textdomain( 'fiscalgate-for-woocommerce', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' );
	},
	0
);

add_action(
	'plugins_loaded',
	static function () {
		if ( class_exists( 'WooCommerce' ) ) {
			( new \FiscalgateWoo\Plugin( __FILE__ ) )->register();
		}
	},
	20
);

register_activation_hook(
	__FILE__,
	static function () {
		// Orders that were paid before had their receipts elsewhere, or never.
		add_option( \FiscalgateWoo\Settings::OPTION, array( 'after' => wp_date( 'Y-m-d' ) ) );
	}
);

register_deactivation_hook(
	__FILE__,
	static function () {
		\FiscalgateWoo\Action_Queue::clear();
		delete_transient( 'fiscalgate_sweeping' );
	}
);
