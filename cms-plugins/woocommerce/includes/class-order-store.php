<?php
/**
 * Operations in the meta data of orders.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Keeps each operation in a field of its own of its order, through WooCommerce's own objects, wherever those keep it.
 */
final class Order_Store implements Operations {

	public const PREFIX = '_fiscalgate_op_';
	/** Sums up all operations of an order: OPEN, ATTENTION or QUIET. */
	public const SUMMARY   = '_fiscalgate_state';
	public const OPEN      = 'open';
	public const ATTENTION = 'attention';
	public const QUIET     = 'quiet';

	/**
	 * One operation of an order.
	 *
	 * @param int    $order Id of the order.
	 * @param string $key   Key of the operation.
	 */
	public function find( int $order, string $key ): ?Operation {
		return $this->all( $order )[ $key ] ?? null;
	}

	/**
	 * All operations of an order as they are stored at this moment.
	 *
	 * @param int $order Id of the order.
	 * @return array<string, Operation>
	 */
	public function all( int $order ): array {
		$object = self::order( $order );
		if ( null === $object ) {
			return array();
		}
		$object->read_meta_data( true );
		return self::of( $object );
	}

	/**
	 * The operations that an order has in its memory.
	 *
	 * @param \WC_Order $order Order.
	 * @return array<string, Operation>
	 */
	public static function of( \WC_Order $order ): array {
		$found = array();
		foreach ( $order->get_meta_data() as $meta ) {
			// Not get_data(): that is what was stored before the last change.
			if ( 0 !== strpos( (string) $meta->key, self::PREFIX ) || ! is_string( $meta->value ) ) {
				continue;
			}
			$operation = Operation::from_text( $meta->value );
			// A copied order brings the fields of the one it was copied from.
			if ( null !== $operation && self::is_of( $operation, $order->get_id() ) ) {
				$found[ $operation->key() ] = $operation;
			}
		}
		uasort(
			$found,
			static function ( Operation $a, Operation $b ): int {
				return array( $a->created(), $a->key() ) <=> array( $b->created(), $b->key() );
			}
		);
		return $found;
	}

	/**
	 * Changes an operation while nobody else does.
	 *
	 * @param int      $order    Id of the order.
	 * @param string   $key      Key of the operation.
	 * @param callable $work     (?Operation): ?Operation.
	 * @param float    $patience Seconds to wait for others.
	 * @throws Busy Where others did not finish in that time.
	 */
	public function change( int $order, string $key, callable $work, float $patience ): ?Operation {
		return Lock::hold(
			'order_' . $order,
			$patience,
			function () use ( $order, $key, $work ): ?Operation {
				$result = $work( $this->find( $order, $key ) );
				if ( null !== $result ) {
					$this->save( $order, $result );
				}
				return $result;
			}
		);
	}

	/**
	 * Stores an operation, and what all of them come to.
	 *
	 * @param int       $order     Id of the order.
	 * @param Operation $operation Operation.
	 * @throws \RuntimeException Where the order is gone.
	 */
	private function save( int $order, Operation $operation ): void {
		$object = self::order( $order );
		if ( null === $object ) {
			throw new \RuntimeException( 'there is no order ' . $order );
		}
		$object->read_meta_data( true );
		$object->update_meta_data( self::PREFIX . $operation->key(), $operation->to_text() );
		$object->update_meta_data( self::SUMMARY, self::summary( self::of( $object ) ) );
		$object->save_meta_data();
	}

	/**
	 * What a list of operations comes to.
	 *
	 * @param array<string, Operation> $operations Operations.
	 */
	public static function summary( array $operations ): string {
		$is_open = false;
		foreach ( $operations as $operation ) {
			if ( $operation->needs_attention() ) {
				return self::ATTENTION;
			}
			$is_open = $is_open || $operation->is_open();
		}
		return $is_open ? self::OPEN : self::QUIET;
	}

	/**
	 * An order of the shop; not a refund, nor a subscription.
	 *
	 * @param int $id Its id.
	 */
	public static function order( int $id ): ?\WC_Order {
		$order = $id > 0 ? wc_get_order( $id ) : null;
		return $order instanceof \WC_Order && 'shop_order' === $order->get_type() ? $order : null;
	}

	/**
	 * The id of the order that a number names; 0 if it names none. A prefix never ends in a digit.
	 *
	 * @param string $name What OrderNumber::getOrder gives.
	 */
	public static function id_of( string $name ): int {
		return 1 === preg_match( '/(?<!\d)[1-9]\d{0,17}$/D', $name, $digits ) ? (int) $digits[0] : 0;
	}

	/**
	 * Whether an operation is one of this order.
	 *
	 * @param Operation $operation Operation.
	 * @param int       $id        Id of the order.
	 */
	private static function is_of( Operation $operation, int $id ): bool {
		return self::id_of( $operation->number()->getOrder() ) === $id;
	}
}
