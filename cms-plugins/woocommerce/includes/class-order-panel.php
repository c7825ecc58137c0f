<?php
/**
 * The receipts on the page of an order.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\FiscalMark;
use Fiscalgate\Sdk\QrCode;

/**
 * A box on the page of an order: each receipt with its state and mark, what is wrong in plain words, and buttons.
 */
final class Order_Panel {

	private Triggers $triggers;
	private string $assets_url;
	private int $order = 0;

	/**
	 * Shows by these settings.
	 *
	 * @param Triggers $triggers   Knows why an order gets no receipt.
	 * @param string   $assets_url Where styles are.
	 */
	public function __construct( Triggers $triggers, string $assets_url ) {
		$this->triggers   = $triggers;
		$this->assets_url = $assets_url;
	}

	/** Listens. */
	public function register(): void {
		add_action( 'add_meta_boxes', array( $this, 'add' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'add_style' ) );
		add_action( 'admin_footer', array( $this, 'print_form' ) );
	}

	/** Puts the box on the page, wherever orders are kept. */
	public function add(): void {
		$screen = function_exists( 'wc_get_page_screen_id' ) ? wc_get_page_screen_id( 'shop-order' ) : 'shop_order';
		add_meta_box( 'fiscalgate-receipts', __( 'Receipts (Fiscalgate)', 'fiscalgate-for-woocommerce' ), array( $this, 'show' ), array_unique( array( $screen, 'shop_order' ) ), 'side', 'high' );
	}

	/** Brings the style. */
	public function add_style(): void {
		$screen = get_current_screen();
		if ( null !== $screen && 1 === preg_match( '/shop_order|wc-orders|fiscalgate/', $screen->id ) ) {
			wp_enqueue_style( 'fiscalgate-admin', $this->assets_url . 'admin.css', array(), Plugin::VERSION );
		}
	}

	/**
	 * Shows the box.
	 *
	 * @param mixed $subject The order, or its post.
	 */
	public function show( $subject ): void {
		$order = $subject instanceof \WC_Order ? $subject : Order_Store::order( $subject instanceof \WP_Post ? $subject->ID : 0 );
		if ( ! $order instanceof \WC_Order ) {
			return;
		}
		$this->order = $order->get_id();
		$operations  = Order_Store::of( $order );
		echo '<div class="fiscalgate">';
		foreach ( $operations as $operation ) {
			$this->show_operation( $operation );
		}
		if ( ! isset( $operations[ Operation::SALE ] ) ) {
			$this->show_none( $order );
		} else {
			$this->show_refunds( $order, $operations );
		}
		echo '</div>';
	}

	/**
	 * One receipt.
	 *
	 * @param Operation $operation Operation.
	 */
	private function show_operation( Operation $operation ): void {
		$class = $operation->needs_attention() ? 'bad' : ( $operation->is_open() ? 'open' : 'quiet' );
		$class = Operation::DONE === $operation->state() ? 'good' : $class;
		printf( '<section class="fiscalgate-%s" data-operation="%s" data-state="%s">', esc_attr( $class ), esc_attr( $operation->key() ), esc_attr( $operation->state() ) );
		printf( '<h4>%s <small>%s</small></h4>', esc_html( Words::operation( $operation ) ), esc_html( (string) $operation->number() ) );
		printf( '<p class="fiscalgate-state">%s', esc_html( Words::state( $operation ) ) );
		if ( $operation->total() > 0 ) {
			printf( ' <b>%s</b>', esc_html( Words::roubles( $operation->total() ) ) );
		}
		echo '</p>';
		$this->show_fault( $operation );
		if ( null !== $operation->mark() ) {
			$this->show_mark( $operation->mark() );
		}
		if ( '' !== $operation->page() ) {
			printf( '<p><a href="%s" target="_blank" rel="noopener noreferrer">%s</a></p>', esc_url( $operation->page() ), esc_html__( 'Receipt for the buyer', 'fiscalgate-for-woocommerce' ) );
		}
		$this->show_button( $operation );
		echo '</section>';
	}

	/**
	 * What is wrong, and what helps.
	 *
	 * @param Operation $operation Operation.
	 */
	private function show_fault( Operation $operation ): void {
		$explanation = Words::explanation( $operation );
		if ( '' !== $explanation ) {
			printf( '<p class="fiscalgate-explanation">%s</p>', esc_html( $explanation ) );
		}
		if ( '' !== $operation->error() ) {
			printf( '<p class="fiscalgate-error">%s</p>', nl2br( esc_html( $operation->error() ) ) );
		}
		if ( $operation->is_open() && $operation->due() > 0 && $operation->tries() > 0 ) {
			/* translators: %s: time of day */
			printf( '<p>%s</p>', esc_html( sprintf( __( 'Next try at %s', 'fiscalgate-for-woocommerce' ), wp_date( get_option( 'time_format' ), $operation->due() ) ) ) );
		}
	}

	/**
	 * What the register answered.
	 *
	 * @param FiscalMark $mark Mark of the receipt.
	 */
	private function show_mark( FiscalMark $mark ): void {
		$rows = array(
			__( 'FN', 'fiscalgate-for-woocommerce' )   => $mark->getDrive(),
			__( 'FD', 'fiscalgate-for-woocommerce' )   => (string) $mark->getDocument(),
			__( 'FPD', 'fiscalgate-for-woocommerce' )  => $mark->getSign(),
			__( 'Time', 'fiscalgate-for-woocommerce' ) => str_replace( 'T', ' ', $mark->getTime() ),
		);
		echo '<dl>';
		foreach ( array_filter( $rows, 'strlen' ) as $name => $value ) {
			printf( '<dt>%s</dt><dd>%s</dd>', esc_html( $name ), esc_html( $value ) );
		}
		echo '</dl>';
		$image = QrCode::svg( $mark->getQr() );
		if ( '' !== $image ) {
			$allowed = array(
				'svg'  => array_fill_keys( array( 'xmlns', 'viewbox', 'shape-rendering' ), true ),
				'rect' => array_fill_keys( array( 'width', 'height', 'fill' ), true ),
				'path' => array( 'd' => true ),
			);
			printf( '<div class="fiscalgate-qr" title="%s">%s</div>', esc_attr( $mark->getQr() ), wp_kses( $image, $allowed ) );
		}
	}

	/**
	 * The button that helps.
	 *
	 * @param Operation $operation Operation.
	 */
	private function show_button( Operation $operation ): void {
		if ( Operation::SENT === $operation->state() ) {
			$this->button( Order_Actions::ASK, $operation->key(), __( 'Ask the gateway now', 'fiscalgate-for-woocommerce' ) );
		} elseif ( Operation::TESTED === $operation->state() ) {
			$this->button( Order_Actions::RETRY, $operation->key(), __( 'Send again', 'fiscalgate-for-woocommerce' ) );
		} elseif ( $operation->may_retry() && Operation::FREE !== $operation->state() ) {
			$this->button( Order_Actions::RETRY, $operation->key(), __( 'Try again now', 'fiscalgate-for-woocommerce' ) );
		}
	}

	/**
	 * Why there is no receipt, and the button that makes one.
	 *
	 * @param \WC_Order $order Order.
	 */
	private function show_none( \WC_Order $order ): void {
		$created  = $order->get_date_created();
		$obstacle = $this->triggers->obstacle( $order->get_payment_method(), $order->get_currency(), $created ? $created->getTimestamp() : 0 );
		printf( '<p>%s</p>', esc_html__( 'There is no receipt.', 'fiscalgate-for-woocommerce' ) );
		printf( '<p class="fiscalgate-explanation">%s</p>', esc_html( Words::obstacle( $obstacle ) ) );
		if ( ! in_array( $obstacle, array( Triggers::INCOMPLETE, Triggers::CURRENCY ), true ) && $order->get_total() > 0 ) {
			$this->button( Order_Actions::MAKE, Operation::SALE, __( 'Make the receipt', 'fiscalgate-for-woocommerce' ) );
		}
	}

	/**
	 * Refunds without a receipt, and the button that makes one for all that is left.
	 *
	 * @param \WC_Order                $order      Order.
	 * @param array<string, Operation> $operations Its operations.
	 */
	private function show_refunds( \WC_Order $order, array $operations ): void {
		foreach ( $order->get_refunds() as $refund ) {
			$key = Operation::REFUND . $refund->get_id();
			if ( ! isset( $operations[ $key ] ) ) {
				/* translators: %s: sum */
				printf( '<p>%s</p>', esc_html( sprintf( __( 'The refund of %s has no receipt.', 'fiscalgate-for-woocommerce' ), Words::roubles( Order_Reader::amount( $refund ) ) ) ) );
				$this->button( Order_Actions::MAKE, $key, __( 'Make the receipt of the refund', 'fiscalgate-for-woocommerce' ) );
			}
		}
		if ( Operation::DONE !== $operations[ Operation::SALE ]->state() || (float) $order->get_remaining_refund_amount() <= 0 ) {
			return;
		}
		printf( '<details><summary>%s</summary><p>%s</p>', esc_html__( 'Refund what is left…', 'fiscalgate-for-woocommerce' ), esc_html__( 'Notes the refund in the order and prints its receipt. No money moves: pay it back yourself. To refund single goods, use the refund button of the order.', 'fiscalgate-for-woocommerce' ) );
		/* translators: %s: sum */
		$this->button( Order_Actions::REFUND_ALL, '', sprintf( __( 'Refund %s', 'fiscalgate-for-woocommerce' ), Words::roubles( (int) round( (float) $order->get_remaining_refund_amount() * 100 ) ) ) );
		echo '</details>';
	}

	/**
	 * A button of the form at the end of the page: forms cannot stand within the form of the order.
	 *
	 * @param string $what What it does.
	 * @param string $key  Key of the operation.
	 * @param string $text What it says.
	 */
	private function button( string $what, string $key, string $text ): void {
		printf( '<p><button type="submit" class="button" form="%s" name="do" value="%s">%s</button></p>', esc_attr( Order_Actions::FORM ), esc_attr( $what . ':' . $key ), esc_html( $text ) );
	}

	/** The form that the buttons belong to. */
	public function print_form(): void {
		if ( 0 === $this->order ) {
			return;
		}
		printf( '<form id="%s" method="post" action="%s">', esc_attr( Order_Actions::FORM ), esc_url( admin_url( 'admin-post.php' ) ) );
		printf( '<input type="hidden" name="action" value="%s"><input type="hidden" name="order" value="%d">', esc_attr( Order_Actions::HOOK ), (int) $this->order );
		wp_nonce_field( Order_Actions::HOOK . $this->order );
		echo '</form>';
	}
}
