<?php
/**
 * The receipts in the list of orders.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * A column that shows at a glance where something is wrong.
 */
final class Order_List {

	private const COLUMN = 'fiscalgate';

	/** Listens, wherever orders are kept. */
	public function register(): void {
		add_filter( 'manage_edit-shop_order_columns', array( $this, 'add' ) );
		add_filter( 'manage_woocommerce_page_wc-orders_columns', array( $this, 'add' ) );
		add_action( 'manage_shop_order_posts_custom_column', array( $this, 'show' ), 10, 2 );
		add_action( 'manage_woocommerce_page_wc-orders_custom_column', array( $this, 'show' ), 10, 2 );
	}

	/**
	 * Adds the column.
	 *
	 * @param mixed $columns Columns by name.
	 * @return array<string, string>
	 */
	public function add( $columns ): array {
		return array_merge( (array) $columns, array( self::COLUMN => __( 'Receipt', 'fiscalgate-for-woocommerce' ) ) );
	}

	/**
	 * Shows a cell.
	 *
	 * @param mixed $column Name of the column.
	 * @param mixed $order  The order, or its id.
	 */
	public function show( $column, $order ): void {
		if ( self::COLUMN !== $column ) {
			return;
		}
		$order = $order instanceof \WC_Order ? $order : Order_Store::order( (int) $order );
		if ( ! $order instanceof \WC_Order ) {
			return;
		}
		foreach ( Order_Store::of( $order ) as $operation ) {
			$class = $operation->needs_attention() ? 'bad' : ( $operation->is_open() ? 'open' : 'quiet' );
			printf( '<span class="fiscalgate-%s">%s: %s</span><br>', esc_attr( $class ), esc_html( Words::operation( $operation ) ), esc_html( Words::state( $operation ) ) );
		}
	}
}
