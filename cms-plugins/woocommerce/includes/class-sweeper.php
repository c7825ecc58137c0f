<?php
/**
 * Nothing is forgotten.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\RetryPolicy;

/**
 * Puts back into the queue what has fallen out of it, and what waited for other settings.
 */
final class Sweeper {

	public const SETTINGS = 'settings';
	private const MOST    = 200;

	private Operations $operations;
	private Action_Queue $queue;

	/**
	 * Sweeps these.
	 *
	 * @param Operations   $operations Where operations are kept.
	 * @param Action_Queue $queue      Where work for later goes.
	 */
	public function __construct( Operations $operations, Action_Queue $queue ) {
		$this->operations = $operations;
		$this->queue      = $queue;
	}

	/** Listens. */
	public function register(): void {
		add_action( Action_Queue::SWEEP, array( $this, 'sweep' ) );
		add_action( 'admin_init', array( $this, 'see_to_it' ) );
		add_action( 'update_option_' . Settings::OPTION, array( $this, 'settings_changed' ) );
	}

	/** Sees to it that somebody sweeps: half a day is soon enough. */
	public function see_to_it(): void {
		if ( false === get_transient( 'fiscalgate_sweeping' ) ) {
			set_transient( 'fiscalgate_sweeping', 'yes', 12 * HOUR_IN_SECONDS );
			$this->queue->sweep_hourly();
		}
	}

	/** What waited for other settings is tried again. */
	public function settings_changed(): void {
		as_enqueue_async_action( Action_Queue::SWEEP, array( self::SETTINGS ), Action_Queue::GROUP );
	}

	/**
	 * Sweeps.
	 *
	 * @param string $what SETTINGS, or nothing.
	 */
	public function sweep( string $what = '' ): void {
		foreach ( self::orders( self::SETTINGS === $what ? Order_Store::ATTENTION : Order_Store::OPEN ) as $order ) {
			foreach ( $this->operations->all( $order ) as $key => $operation ) {
				if ( self::SETTINGS === $what ) {
					$this->try_again( $order, $key );
				} elseif ( $operation->is_open() && $operation->due() < time() - Worker::LEASE && Operation::STALLED !== $operation->reason() ) {
					$this->queue->ensure( $order, $key );
				}
			}
		}
	}

	/**
	 * Tries an operation again that the gateway refused for the settings.
	 *
	 * @param int    $order Id of the order.
	 * @param string $key   Key of the operation.
	 */
	private function try_again( int $order, string $key ): void {
		$changed = $this->operations->change(
			$order,
			$key,
			static function ( ?Operation $present ): ?Operation {
				if ( null === $present || Operation::REFUSED !== $present->state() || RetryPolicy::SETTINGS !== $present->reason() ) {
					return null;
				}
				$present->restart( time() );
				return $present;
			},
			Worker::PATIENCE
		);
		if ( null !== $changed ) {
			$this->queue->later( $order, $key, 0 );
		}
	}

	/**
	 * Orders in a state, the oldest first.
	 *
	 * @param string $summary One of Order_Store.
	 * @return int[]
	 */
	public static function orders( string $summary ): array {
		$ids = wc_get_orders(
			array(
				'type'       => 'shop_order',
				'limit'      => self::MOST,
				'orderby'    => 'ID',
				'order'      => 'ASC',
				'return'     => 'ids',
				'meta_key'   => Order_Store::SUMMARY, // phpcs:ignore WordPress.DB.SlowDBQuery -- in the background, once an hour.
				'meta_value' => $summary, // phpcs:ignore WordPress.DB.SlowDBQuery -- in the background, once an hour.
			)
		);
		return array_map( 'intval', (array) $ids );
	}
}
