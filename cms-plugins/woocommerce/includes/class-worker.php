<?php
/**
 * Brings an operation one step further.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Accepted;
use Fiscalgate\Sdk\CheckReport;
use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\RetryPolicy;
use Fiscalgate\Sdk\Status;

/**
 * Works on what the queue brings: posts what is planned, asks for what was posted, and says when to come again. However
 * many work at once, an operation has one number and one content, so that the gateway prints it once.
 */
final class Worker {

	/** Seconds in which whoever took an operation is done with it, or dead. */
	public const LEASE = 90;
	/** Seconds to wait for others who change the same order. */
	public const PATIENCE = 5.0;
	/** Seconds until a receipt looks again whether its sale is done. */
	private const AFTER_SALE = 300;
	/** Seconds from one question for an operation to the next; three days in all. */
	public const POLLS = array( 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 28800, 43200, 43200, 57600, 57600 );

	private Operations $operations;
	private Queue $queue;
	private RetryPolicy $policy;
	/**
	 * Gives a Client; throws ValidationException where the settings cannot be.
	 *
	 * @var callable(): Client
	 */
	private $client;
	/**
	 * Makes the receipt of an operation.
	 *
	 * @var callable(int, string, ?Operation, int): ?Operation
	 */
	private $plan;
	/**
	 * Is told of every operation that came to something.
	 *
	 * @var callable(int, Operation): void
	 */
	private $tell;
	/**
	 * Seconds since 1970.
	 *
	 * @var callable(): int
	 */
	private $clock;
	private bool $is_test;

	/**
	 * Makes a worker.
	 *
	 * @param Operations  $operations Where operations are kept.
	 * @param Queue       $queue      Where work for later goes.
	 * @param callable    $client     (): Client.
	 * @param callable    $plan       (int $order, string $key, ?Operation $present, int $now): ?Operation.
	 * @param callable    $tell       (int $order, Operation $operation): void.
	 * @param bool        $is_test    Whether receipts are only checked.
	 * @param RetryPolicy $policy     When to try again.
	 * @param callable    $clock      (): int.
	 */
	public function __construct( Operations $operations, Queue $queue, callable $client, callable $plan, callable $tell, bool $is_test, RetryPolicy $policy, callable $clock ) {
		$this->operations = $operations;
		$this->queue      = $queue;
		$this->client     = $client;
		$this->plan       = $plan;
		$this->tell       = $tell;
		$this->is_test    = $is_test;
		$this->policy     = $policy;
		$this->clock      = $clock;
	}

	/**
	 * Fixes the receipt of an operation that has none, and nothing else.
	 *
	 * @param int    $order    Id of the order.
	 * @param string $key      Key of the operation.
	 * @param float  $patience Seconds to wait for others.
	 * @throws Busy Where others did not finish in that time.
	 */
	public function plan( int $order, string $key, float $patience ): void {
		$new = $this->operations->change(
			$order,
			$key,
			function ( ?Operation $present ) use ( $order, $key ): ?Operation {
				return null === $present ? ( $this->plan )( $order, $key, null, ( $this->clock )() ) : null;
			},
			$patience
		);
		if ( null !== $new && $new->needs_attention() ) {
			( $this->tell )( $order, $new );
		}
	}

	/**
	 * Brings an operation one step further, if it is due.
	 *
	 * @param int    $order Id of the order.
	 * @param string $key   Key of the operation.
	 * @throws Busy Where others did not finish in time.
	 */
	public function run( int $order, string $key ): void {
		$this->plan( $order, $key, self::PATIENCE );
		$claimed = $this->operations->change( $order, $key, $this->claiming( $order, $key ), self::PATIENCE );
		if ( null === $claimed || ! $claimed->is_open() ) {
			return;
		}
		if ( Operation::AFTER_SALE === $claimed->reason() ) {
			$this->queue->later( $order, $key, self::AFTER_SALE );
			return;
		}
		$answer = $this->ask( $claimed );
		$result = $this->operations->change(
			$order,
			$key,
			function ( ?Operation $operation ) use ( $answer ): ?Operation {
				return null === $operation ? null : $this->take( $operation, $answer );
			},
			self::PATIENCE
		);
		if ( null !== $result ) {
			$this->after( $order, $claimed, $result );
		}
	}

	/**
	 * What claims an operation for this worker; whoever comes later finds it is not due.
	 *
	 * @param int    $order Id of the order.
	 * @param string $key   Key of the operation.
	 */
	private function claiming( int $order, string $key ): callable {
		return function ( ?Operation $operation ) use ( $order, $key ): ?Operation {
			$now = ( $this->clock )();
			if ( null === $operation || ! $operation->is_open() ) {
				return null;
			}
			if ( $operation->due() > $now && Operation::AFTER_SALE !== $operation->reason() ) {
				$this->queue->later( $order, $key, $operation->due() - $now );
				return null;
			}
			if ( Operation::PLANNED === $operation->state() && ! $operation->has_receipt() ) {
				$operation = ( $this->plan )( $order, $key, $operation, $now ) ?? $operation;
			}
			if ( ! $this->may_start( $order, $operation ) ) {
				$operation->wait( Operation::AFTER_SALE, $now + self::AFTER_SALE );
				return $operation;
			}
			$operation->wait( '', $now + self::LEASE );
			return $operation;
		};
	}

	/**
	 * Whether the receipt of the sale is done, which all others come after.
	 *
	 * @param int       $order     Id of the order.
	 * @param Operation $operation Operation.
	 */
	private function may_start( int $order, Operation $operation ): bool {
		if ( Operation::SALE === $operation->key() || Operation::SENT === $operation->state() ) {
			return true;
		}
		$sale = $this->operations->find( $order, Operation::SALE );
		return null !== $sale && in_array( $sale->state(), $this->is_test ? array( Operation::DONE, Operation::TESTED ) : array( Operation::DONE ), true );
	}

	/**
	 * Asks the gateway. No lock is held meanwhile.
	 *
	 * @param Operation $operation Operation.
	 * @return Accepted|Status|CheckReport|\Throwable
	 */
	private function ask( Operation $operation ) {
		try {
			$client = ( $this->client )();
			if ( Operation::SENT === $operation->state() ) {
				return $client->status( $operation->id() );
			}
			return $this->is_test ? $client->validate( $operation->submission() ) : $client->create( $operation->submission() );
		} catch ( FiscalgateException $e ) {
			return $e;
		}
	}

	/**
	 * Takes what the gateway said.
	 *
	 * @param Operation                              $operation As it is stored by now.
	 * @param Accepted|Status|CheckReport|\Throwable $answer    What ask() gave.
	 */
	private function take( Operation $operation, $answer ): Operation {
		$now = ( $this->clock )();
		if ( $answer instanceof Accepted ) {
			$operation->accept( $answer );
		} elseif ( $answer instanceof Status ) {
			$operation->apply_status( $answer );
		} elseif ( $answer instanceof CheckReport ) {
			$operation->tested();
		} elseif ( Operation::SENT === $operation->state() ) {
			$operation->wait( '', 0 ); // Only a question failed: the receipt is in good hands.
		} else {
			$operation->fail( $answer, $this->policy->pause( $operation->tries() + 1, $answer, mt_rand() / mt_getrandmax() ), $now );
		}
		if ( Operation::SENT === $operation->state() ) {
			$pause = self::POLLS[ $operation->polls() ] ?? null;
			$operation->count_poll();
			$operation->wait( null === $pause ? Operation::STALLED : '', $now + (int) $pause );
		}
		return $operation;
	}

	/**
	 * What follows from a step.
	 *
	 * @param int       $order  Id of the order.
	 * @param Operation $before As it was claimed.
	 * @param Operation $result As it is stored.
	 */
	private function after( int $order, Operation $before, Operation $result ): void {
		if ( $result->is_open() && Operation::STALLED !== $result->reason() ) {
			$this->queue->later( $order, $result->key(), max( 1, $result->due() - ( $this->clock )() ) );
		}
		if ( $before->state() !== $result->state() || $before->gateway_state() !== $result->gateway_state() ) {
			$this->changed( $order, $result );
		}
	}

	/**
	 * Tells of an operation that came to something, and wakes what waited for it.
	 *
	 * @param int       $order     Id of the order.
	 * @param Operation $operation Operation.
	 */
	public function changed( int $order, Operation $operation ): void {
		( $this->tell )( $order, $operation );
		if ( Operation::SALE !== $operation->key() || $operation->is_open() ) {
			return;
		}
		foreach ( $this->operations->all( $order ) as $key => $other ) {
			if ( Operation::AFTER_SALE === $other->reason() ) {
				$this->queue->later( $order, $key, 0 );
			}
		}
	}
}
