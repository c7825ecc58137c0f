<?php
/**
 * What happens in the shop.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Turns payments, statuses and refunds into operations. Whatever goes wrong here, the shop never notices: the queue has
 * the operation, and makes its receipt later.
 */
final class Shop_Events {

	private Triggers $triggers;
	private Operations $operations;
	private Queue $queue;
	private Worker $worker;
	/**
	 * The shop's log.
	 *
	 * @var callable
	 */
	private $log;

	/**
	 * Listens by these settings.
	 *
	 * @param Triggers   $triggers   Which orders get receipts, and when.
	 * @param Operations $operations Where operations are kept.
	 * @param Queue      $queue      Where work for later goes.
	 * @param Worker     $worker     Fixes receipts.
	 * @param callable   $log        (string $level, string $message, array $context): void.
	 */
	public function __construct( Triggers $triggers, Operations $operations, Queue $queue, Worker $worker, callable $log ) {
		$this->triggers   = $triggers;
		$this->operations = $operations;
		$this->queue      = $queue;
		$this->worker     = $worker;
		$this->log        = $log;
	}

	/** Listens. */
	public function register(): void {
		add_action( 'woocommerce_payment_complete', array( $this, 'on_payment' ), 20 );
		foreach ( $this->triggers->statuses() as $status ) {
			// Not "status changed": an order may begin in its status.
			add_action(
				'woocommerce_order_status_' . $status,
				function ( $order_id ) use ( $status ): void {
					$this->on_status( $order_id, $status );
				},
				20
			);
		}
		add_action( 'woocommerce_order_refunded', array( $this, 'on_refund' ), 20, 2 );
	}

	/**
	 * An order was paid.
	 *
	 * @param mixed $order_id Id of the order.
	 */
	public function on_payment( $order_id ): void {
		$this->safely(
			(int) $order_id,
			function ( \WC_Order $order ): void {
				if ( $this->triggers->on_payment() ) {
					$this->sell( $order );
				}
			}
		);
	}

	/**
	 * An order came into a status.
	 *
	 * @param mixed  $order_id Id of the order.
	 * @param string $status   Without "wc-".
	 */
	public function on_status( $order_id, string $status ): void {
		$this->safely(
			(int) $order_id,
			function ( \WC_Order $order ) use ( $status ): void {
				if ( $this->triggers->is_sale( $status, null !== $order->get_date_paid() ) ) {
					$this->sell( $order );
				}
				if ( $this->triggers->is_settlement( $status ) ) {
					$this->settle( $order );
				}
			}
		);
	}

	/**
	 * Money was paid back. Only what had a receipt gets one for the refund.
	 *
	 * @param mixed $order_id  Id of the order.
	 * @param mixed $refund_id Id of the refund.
	 */
	public function on_refund( $order_id, $refund_id ): void {
		$this->safely(
			(int) $order_id,
			function ( \WC_Order $order ) use ( $refund_id ): void {
				$sale = $this->operations->find( $order->get_id(), Operation::SALE );
				if ( null !== $sale && Operation::FREE !== $sale->state() ) {
					$this->start( $order->get_id(), Operation::REFUND . (int) $refund_id );
				}
			}
		);
	}

	/**
	 * Starts the sale of an order that gets receipts.
	 *
	 * @param \WC_Order $order Order.
	 */
	private function sell( \WC_Order $order ): void {
		$created = $order->get_date_created();
		if ( '' === $this->triggers->obstacle( $order->get_payment_method(), $order->get_currency(), $created ? $created->getTimestamp() : 0 ) ) {
			$this->start( $order->get_id(), Operation::SALE );
		}
	}

	/**
	 * Starts the settlement of an order that was prepaid.
	 *
	 * @param \WC_Order $order Order.
	 */
	private function settle( \WC_Order $order ): void {
		$sale = $this->operations->find( $order->get_id(), Operation::SALE );
		if ( null !== $sale && $sale->prepaid() > 0 ) {
			$this->start( $order->get_id(), Operation::SETTLEMENT );
		}
	}

	/**
	 * Puts an operation into the queue, then fixes its receipt, if nobody else works on the order at this moment.
	 *
	 * @param int    $order Id of the order.
	 * @param string $key   Key of the operation.
	 */
	public function start( int $order, string $key ): void {
		if ( null !== $this->operations->find( $order, $key ) ) {
			return;
		}
		$this->queue->ensure( $order, $key );
		try {
			$this->worker->plan( $order, $key, 0.0 );
		} catch ( Busy $e ) {
			return; // The queue does it.
		}
	}

	/**
	 * Runs the work for an order, and keeps to itself what goes wrong.
	 *
	 * @param int      $order_id Id of the order.
	 * @param callable $work     (\WC_Order): void.
	 */
	private function safely( int $order_id, callable $work ): void {
		try {
			$order = Order_Store::order( $order_id );
			if ( null !== $order ) {
				$work( $order );
			}
		} catch ( \Throwable $e ) {
			( $this->log )(
				'error',
				'An event of the shop could not be followed',
				array(
					'order' => $order_id,
					'error' => $e->getMessage(),
				)
			);
		}
	}
}
