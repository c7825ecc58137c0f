<?php
/**
 * Which callbacks were taken.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\SeenStore;

/**
 * Remembers callbacks in the operation they are about.
 */
final class Seen_Callbacks implements SeenStore {

	private Operations $operations;

	/**
	 * Remembers there.
	 *
	 * @param Operations $operations Where operations are kept.
	 */
	public function __construct( Operations $operations ) {
		$this->operations = $operations;
	}

	/**
	 * Whether a callback was taken already.
	 *
	 * @param string $operation  Number of the operation.
	 * @param string $webhook_id Id of the callback.
	 */
	public function isSeen( string $operation, string $webhook_id ): bool { // phpcs:ignore WordPress.NamingConventions -- the SDK's name.
		$found = $this->find( $operation );
		return null !== $found && $found->has_seen( $webhook_id );
	}

	/**
	 * The highest number that was taken.
	 *
	 * @param string $operation Number of the operation.
	 */
	public function lastSeq( string $operation ): int { // phpcs:ignore WordPress.NamingConventions -- the SDK's name.
		$found = $this->find( $operation );
		return null === $found ? 0 : $found->seq();
	}

	/**
	 * Remembers a callback that was taken.
	 *
	 * @param string $operation  Number of the operation.
	 * @param string $webhook_id Id of the callback.
	 * @param int    $seq        Its number.
	 */
	public function remember( string $operation, string $webhook_id, int $seq ): void {
		$found = $this->find( $operation );
		if ( null === $found ) {
			return;
		}
		$this->operations->change(
			Order_Store::id_of( OrderNumber::parse( $operation )->getOrder() ),
			$found->key(),
			static function ( ?Operation $present ) use ( $webhook_id, $seq ): ?Operation {
				if ( null !== $present ) {
					$present->remember( $webhook_id, $seq );
				}
				return $present;
			},
			Worker::PATIENCE
		);
	}

	/**
	 * The operation with that number.
	 *
	 * @param string $number Number at the gateway.
	 */
	public function find( string $number ): ?Operation {
		$parsed = OrderNumber::parse( $number );
		foreach ( $this->operations->all( Order_Store::id_of( $parsed->getOrder() ) ) as $operation ) {
			if ( (string) $operation->number() === $number ) {
				return $operation;
			}
		}
		return null;
	}
}
