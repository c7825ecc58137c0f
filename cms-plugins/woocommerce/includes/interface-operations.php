<?php
/**
 * Where operations are kept.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * The operations of orders. Only change() writes, one at a time for an order.
 */
interface Operations {

	/**
	 * One operation of an order.
	 *
	 * @param int    $order Id of the order.
	 * @param string $key   Key of the operation.
	 */
	public function find( int $order, string $key ): ?Operation;

	/**
	 * All operations of an order, by key, oldest first.
	 *
	 * @param int $order Id of the order.
	 * @return array<string, Operation>
	 */
	public function all( int $order ): array;

	/**
	 * Changes an operation while nobody else does. The work sees it as it is stored at that moment, and must not call
	 * out of the machine.
	 *
	 * @param int      $order    Id of the order.
	 * @param string   $key      Key of the operation.
	 * @param callable $work     (?Operation): ?Operation; what it gives is stored, null changes nothing.
	 * @param float    $patience Seconds to wait for others.
	 * @return Operation|null What the work gave.
	 * @throws Busy Where others did not finish in that time. Nothing has changed.
	 */
	public function change( int $order, string $key, callable $work, float $patience ): ?Operation;
}
