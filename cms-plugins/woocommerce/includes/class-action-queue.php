<?php
/**
 * Work for later, in Action Scheduler.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Action Scheduler does not try again what failed, so every step says itself when the next one is. Its own "unique" looks
 * at the hook only and not at the order, so uniqueness is seen to here; where it fails, the worker finds nothing due.
 */
final class Action_Queue implements Queue {

	public const HOOK  = 'fiscalgate_run';
	public const SWEEP = 'fiscalgate_sweep';
	public const GROUP = 'fiscalgate';

	/**
	 * As soon as may be, unless it waits in the queue already.
	 *
	 * @param int    $order Id of the order.
	 * @param string $key   Key of the operation.
	 */
	public function ensure( int $order, string $key ): void {
		if ( ! self::waits( array( $order, $key ) ) ) {
			as_enqueue_async_action( self::HOOK, array( $order, $key ), self::GROUP );
		}
	}

	/**
	 * In so many seconds, instead of whatever waits in the queue for it.
	 *
	 * @param int    $order   Id of the order.
	 * @param string $key     Key of the operation.
	 * @param int    $seconds From now.
	 */
	public function later( int $order, string $key, int $seconds ): void {
		$args = array( $order, $key );
		if ( self::waits( $args ) ) {
			as_unschedule_all_actions( self::HOOK, $args, self::GROUP );
		}
		if ( $seconds <= 0 ) {
			as_enqueue_async_action( self::HOOK, $args, self::GROUP );
		} else {
			as_schedule_single_action( time() + $seconds, self::HOOK, $args, self::GROUP );
		}
	}

	/** Once an hour, look for what was forgotten. */
	public function sweep_hourly(): void {
		if ( false === as_next_scheduled_action( self::SWEEP, array(), self::GROUP ) ) {
			as_schedule_recurring_action( time() + HOUR_IN_SECONDS, HOUR_IN_SECONDS, self::SWEEP, array(), self::GROUP );
		}
	}

	/** Forgets all work. */
	public static function clear(): void {
		if ( function_exists( 'as_unschedule_all_actions' ) ) {
			as_unschedule_all_actions( '', array(), self::GROUP );
		}
	}

	/**
	 * Whether it waits in the queue. What runs at this moment does not count: it is who asks.
	 *
	 * @param array<int, mixed> $args Arguments of the action.
	 */
	private static function waits( array $args ): bool {
		$found = as_get_scheduled_actions(
			array(
				'hook'     => self::HOOK,
				'args'     => $args,
				'group'    => self::GROUP,
				'status'   => 'pending',
				'per_page' => 1,
			),
			'ids'
		);
		return array() !== $found;
	}
}
