<?php
/**
 * Receipts for the buyer.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Links to receipts on the buyer's page of an order and in letters about it.
 */
final class Customer_Links {

	/** Listens. */
	public function register(): void {
		add_action( 'woocommerce_order_details_after_order_table', array( $this, 'show_on_page' ) );
		add_action( 'woocommerce_email_order_meta', array( $this, 'show_in_letter' ), 20, 3 );
	}

	/**
	 * On the buyer's page.
	 *
	 * @param mixed $order Order.
	 */
	public function show_on_page( $order ): void {
		$links = $this->links( $order );
		if ( array() === $links ) {
			return;
		}
		printf( '<section class="fiscalgate-receipts"><h2>%s</h2><ul>', esc_html__( 'Receipts', 'fiscalgate-for-woocommerce' ) );
		foreach ( $links as $url => $text ) {
			printf( '<li><a href="%s" target="_blank" rel="noopener noreferrer">%s</a></li>', esc_url( $url ), esc_html( $text ) );
		}
		echo '</ul></section>';
	}

	/**
	 * In a letter to the buyer.
	 *
	 * @param mixed $order         Order.
	 * @param mixed $sent_to_admin Whether the owner gets it.
	 * @param mixed $plain_text    Whether it is plain text.
	 */
	public function show_in_letter( $order, $sent_to_admin = false, $plain_text = false ): void {
		$links = $this->links( $order );
		if ( $sent_to_admin || array() === $links ) {
			return;
		}
		if ( $plain_text ) {
			foreach ( $links as $url => $text ) {
				echo "\n" . esc_html( wp_strip_all_tags( $text ) ) . ': ' . esc_url_raw( $url ) . "\n"; // phpcs:ignore WordPress.Security.EscapeOutput -- an address in plain text.
			}
			return;
		}
		printf( '<h2>%s</h2><p>', esc_html__( 'Receipts', 'fiscalgate-for-woocommerce' ) );
		foreach ( $links as $url => $text ) {
			printf( '<a href="%s">%s</a><br>', esc_url( $url ), esc_html( $text ) );
		}
		echo '</p>';
	}

	/**
	 * What there is to see, by address.
	 *
	 * @param mixed $order Order.
	 * @return array<string, string>
	 */
	private function links( $order ): array {
		$links = array();
		foreach ( $order instanceof \WC_Order ? Order_Store::of( $order ) : array() as $operation ) {
			if ( '' !== $operation->page() && ! $operation->needs_attention() ) {
				$links[ $operation->page() ] = Words::operation( $operation ) . ', ' . Words::roubles( $operation->total() );
			}
		}
		return $links;
	}
}
