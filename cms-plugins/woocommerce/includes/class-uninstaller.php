<?php
/**
 * The end of the plugin.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Deletes settings, and fiscal data if the owner has said so.
 */
final class Uninstaller {

	private const BATCH = 100;

	/** Deletes. */
	public function run(): void {
		$settings = new Settings( get_option( Settings::OPTION ) );
		if ( $settings->is( 'delete_data' ) && function_exists( 'wc_get_orders' ) ) {
			$this->delete_data();
		}
		delete_option( Settings::OPTION );
		delete_transient( 'fiscalgate_sweeping' );
		Action_Queue::clear();
	}

	/** Deletes what orders keep. */
	private function delete_data(): void {
		foreach ( array( Order_Store::OPEN, Order_Store::ATTENTION, Order_Store::QUIET ) as $summary ) {
			do {
				$ids = array_slice( Sweeper::orders( $summary ), 0, self::BATCH );
				array_map( array( $this, 'delete_of' ), $ids );
			} while ( array() !== $ids );
		}
	}

	/**
	 * Deletes what an order keeps.
	 *
	 * @param int $id Id of the order.
	 */
	private function delete_of( int $id ): void {
		$order = wc_get_order( $id );
		foreach ( $order->get_meta_data() as $meta ) {
			$key = (string) $meta->key;
			if ( 0 === strpos( $key, Order_Store::PREFIX ) || Order_Store::SUMMARY === $key ) {
				$order->delete_meta_data( $key );
			}
		}
		$order->save_meta_data();
	}
}
