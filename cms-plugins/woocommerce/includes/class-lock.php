<?php
/**
 * One at a time.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * A lock between processes, also on several machines: the one that WordPress itself takes for updates, which a database
 * gives to one of many. Whoever dies with it loses it after TTL.
 */
final class Lock {

	/** Seconds: what is done under it takes milliseconds. */
	private const TTL = 30;
	private const STEP_MICROSECONDS = 15000;

	/**
	 * Runs the work alone.
	 *
	 * @param string   $name     What is locked.
	 * @param float    $patience Seconds to wait for others.
	 * @param callable $work     What is done.
	 * @return mixed What the work gives.
	 * @throws Busy Where others did not finish in that time.
	 */
	public static function hold( string $name, float $patience, callable $work ) {
		if ( ! class_exists( 'WP_Upgrader', false ) ) {
			require_once ABSPATH . 'wp-admin/includes/class-wp-upgrader.php';
		}
		$name  = 'fiscalgate_' . $name;
		$until = microtime( true ) + $patience;
		while ( ! self::take( $name ) ) {
			if ( microtime( true ) >= $until ) {
				throw new Busy( 'somebody else works on ' . $name );
			}
			usleep( self::STEP_MICROSECONDS );
		}
		try {
			return $work();
		} finally {
			\WP_Upgrader::release_lock( $name );
		}
	}

	/**
	 * Takes the lock if it is free.
	 *
	 * @param string $name Name of the lock.
	 */
	private static function take( string $name ): bool {
		// What this process knows of the option is as old as its last look.
		wp_cache_delete( $name . '.lock', 'options' );
		wp_cache_delete( 'notoptions', 'options' );
		return \WP_Upgrader::create_lock( $name, self::TTL );
	}
}
