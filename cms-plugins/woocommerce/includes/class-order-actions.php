<?php
/**
 * What the owner does with the receipts of an order.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Buttons of the order's page, the bulk action, and the forms behind them. All of it needs the right to edit orders, and
 * a form of this site.
 */
final class Order_Actions {

	public const HOOK       = 'fiscalgate_order';
	public const FORM       = 'fiscalgate-order-form';
	public const MAKE       = 'make';
	public const RETRY      = 'retry';
	public const ASK        = 'ask';
	public const REFUND_ALL = 'refund-all';
	public const BULK       = 'fiscalgate_make';
	private const RIGHT     = 'edit_shop_orders';

	private Operations $operations;
	private Queue $queue;
	private Shop_Events $events;
	/**
	 * Makes the receipt of an operation.
	 *
	 * @var callable(int, string, ?Operation, int): ?Operation
	 */
	private $plan;

	/**
	 * Acts on these.
	 *
	 * @param Operations  $operations Where operations are kept.
	 * @param Queue       $queue      Where work for later goes.
	 * @param Shop_Events $events     Starts operations.
	 * @param callable    $plan       (int $order, string $key, ?Operation $present, int $now): ?Operation.
	 */
	public function __construct( Operations $operations, Queue $queue, Shop_Events $events, callable $plan ) {
		$this->operations = $operations;
		$this->queue      = $queue;
		$this->events     = $events;
		$this->plan       = $plan;
	}

	/** Listens. */
	public function register(): void {
		add_action( 'admin_post_' . self::HOOK, array( $this, 'handle' ) );
		add_filter( 'woocommerce_order_actions', array( $this, 'add_to_menu' ) );
		add_action( 'woocommerce_order_action_' . self::BULK, array( $this, 'make_from_menu' ) );
		foreach ( array( 'edit-shop_order', 'woocommerce_page_wc-orders' ) as $list ) {
			add_filter( 'bulk_actions-' . $list, array( $this, 'add_to_menu' ) );
			add_filter( 'handle_bulk_actions-' . $list, array( $this, 'make_many' ), 10, 3 );
		}
		add_action( 'admin_notices', array( $this, 'tell_of_many' ) );
	}

	/** A button was pressed. */
	public function handle(): void {
		$order = isset( $_POST['order'] ) ? absint( wp_unslash( $_POST['order'] ) ) : 0;
		check_admin_referer( self::HOOK . $order );
		if ( ! current_user_can( self::RIGHT ) ) {
			wp_die( esc_html__( 'You may not do that.', 'fiscalgate-for-woocommerce' ), '', array( 'response' => 403 ) );
		}
		$do = isset( $_POST['do'] ) ? sanitize_text_field( wp_unslash( $_POST['do'] ) ) : '';
		list( $what, $key ) = array_pad( explode( ':', $do, 2 ), 2, '' );
		$object = Order_Store::order( $order );
		if ( null === $object ) {
			wp_die( esc_html__( 'There is no such order.', 'fiscalgate-for-woocommerce' ), '', array( 'response' => 404 ) );
		}
		$this->act( $object, $what, $key );
		wp_safe_redirect( $object->get_edit_order_url() );
		exit;
	}

	/**
	 * Does what a button says.
	 *
	 * @param \WC_Order $order Order.
	 * @param string    $what  MAKE, RETRY, ASK or REFUND_ALL.
	 * @param string    $key   Key of the operation.
	 */
	public function act( \WC_Order $order, string $what, string $key ): void {
		$is_known = Operation::SALE === $key || Operation::SETTLEMENT === $key || 1 === preg_match( '/^refund-[1-9]\d{0,17}$/D', $key );
		try {
			if ( self::REFUND_ALL === $what ) {
				$this->refund_all( $order );
			} elseif ( self::MAKE === $what && $is_known ) {
				$this->make( $order->get_id(), $key );
			} elseif ( ( self::RETRY === $what || self::ASK === $what ) && $is_known ) {
				$this->again( $order->get_id(), $key );
			}
		} catch ( Busy $e ) {
			return; // The one who is at it does the same.
		}
	}

	/**
	 * Starts an operation, whatever the settings say of such orders; or starts it again.
	 *
	 * @param int    $order Id of the order.
	 * @param string $key   Key of the operation.
	 */
	public function make( int $order, string $key ): void {
		if ( null === $this->operations->find( $order, $key ) ) {
			$this->events->start( $order, $key );
		} else {
			$this->again( $order, $key );
		}
	}

	/**
	 * Starts an operation again that came to nothing, or has the gateway asked for one that it has.
	 *
	 * @param int    $order Id of the order.
	 * @param string $key   Key of the operation.
	 */
	private function again( int $order, string $key ): void {
		$changed = $this->operations->change(
			$order,
			$key,
			function ( ?Operation $present ) use ( $order, $key ): ?Operation {
				if ( null !== $present && Operation::SENT === $present->state() ) {
					$present->wait( '', 0 );
					return $present;
				}
				if ( null === $present || ! $present->may_retry() ) {
					return null;
				}
				$present->restart( time() );
				return $present->has_receipt() ? $present : ( $this->plan )( $order, $key, $present, time() );
			},
			Worker::PATIENCE
		);
		if ( null !== $changed && $changed->is_open() ) {
			$this->queue->later( $order, $key, 0 );
		}
	}

	/**
	 * Pays back in the shop what is left of an order, without moving money; its receipt follows as for any refund.
	 *
	 * @param \WC_Order $order Order.
	 */
	private function refund_all( \WC_Order $order ): void {
		$left = wc_format_decimal( $order->get_remaining_refund_amount(), 2 );
		if ( (float) $left <= 0 ) {
			return;
		}
		$refund = wc_create_refund(
			array(
				'order_id'       => $order->get_id(),
				'amount'         => $left,
				'reason'         => __( 'Receipt of the refund made by hand', 'fiscalgate-for-woocommerce' ),
				'refund_payment' => false,
				'restock_items'  => false,
			)
		);
		if ( is_wp_error( $refund ) ) {
			$order->add_order_note( $refund->get_error_message() );
		}
	}

	/**
	 * Adds the action to a menu.
	 *
	 * @param mixed $actions Actions by name.
	 * @return array<string, string>
	 */
	public function add_to_menu( $actions ): array {
		return array_merge( (array) $actions, array( self::BULK => __( 'Make the receipt (Fiscalgate)', 'fiscalgate-for-woocommerce' ) ) );
	}

	/**
	 * The action was chosen on an order's page.
	 *
	 * @param mixed $order The order.
	 */
	public function make_from_menu( $order ): void {
		if ( $order instanceof \WC_Order && current_user_can( self::RIGHT ) ) {
			$this->act( $order, self::MAKE, Operation::SALE );
		}
	}

	/**
	 * The action was chosen for many orders. WordPress has checked the form.
	 *
	 * @param mixed  $target Where to go afterwards.
	 * @param string $action What was chosen.
	 * @param mixed  $ids    Ids of orders.
	 */
	public function make_many( $target, $action, $ids ): string {
		if ( self::BULK !== $action || ! current_user_can( self::RIGHT ) ) {
			return (string) $target;
		}
		$count = 0;
		foreach ( array_map( 'absint', (array) $ids ) as $id ) {
			$order = Order_Store::order( $id );
			if ( null !== $order && $this->is_fit( $order ) ) {
				$this->act( $order, self::MAKE, Operation::SALE );
				++$count;
			}
		}
		return add_query_arg( self::BULK, $count, (string) $target );
	}

	/**
	 * Whether an order was paid, as far as the shop knows: among many, nobody looks at each.
	 *
	 * @param \WC_Order $order Order.
	 */
	private function is_fit( \WC_Order $order ): bool {
		return null !== $order->get_date_paid() || $order->has_status( 'completed' );
	}

	/** Says what became of the bulk action. */
	public function tell_of_many(): void {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- a number that is only shown.
		if ( ! isset( $_GET[ self::BULK ] ) || ! current_user_can( self::RIGHT ) ) {
			return;
		}
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- a number that is only shown.
		$count = absint( wp_unslash( $_GET[ self::BULK ] ) );
		/* translators: %d: number of orders */
		$text = sprintf( _n( 'A receipt is being made for %d paid order.', 'Receipts are being made for %d paid orders.', $count, 'fiscalgate-for-woocommerce' ), $count );
		printf( '<div class="notice notice-success is-dismissible"><p>%s</p></div>', esc_html( $text ) );
	}
}
