<?php
/**
 * Work for later.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Calls the worker for an operation, out of the way of whoever visits the shop.
 */
interface Queue {

	/**
	 * As soon as may be, unless it waits in the queue already.
	 *
	 * @param int    $order Id of the order.
	 * @param string $key   Key of the operation.
	 */
	public function ensure( int $order, string $key ): void;

	/**
	 * In so many seconds, instead of whatever waits in the queue for it.
	 *
	 * @param int    $order   Id of the order.
	 * @param string $key     Key of the operation.
	 * @param int    $seconds From now.
	 */
	public function later( int $order, string $key, int $seconds ): void;
}
