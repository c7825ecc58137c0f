<?php
/**
 * What a product is in a receipt.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Two fields on the page of a product, where it differs from what the settings say of all.
 */
final class Product_Fields {

	/** Listens. */
	public function register(): void {
		add_action( 'woocommerce_product_options_general_product_data', array( $this, 'show' ) );
		add_action( 'woocommerce_admin_process_product_object', array( $this, 'save' ) );
	}

	/** Shows the fields. */
	public function show(): void {
		echo '<div class="options_group">';
		$this->field( Order_Reader::SUBJECT, __( 'Receipt: what it is', 'fiscalgate-for-woocommerce' ), Words::subjects() );
		$this->field( Order_Reader::METHOD, __( 'Receipt: how it is settled', 'fiscalgate-for-woocommerce' ), Words::methods() );
		echo '</div>';
	}

	/**
	 * One field.
	 *
	 * @param string             $key     Where it is kept.
	 * @param string             $label   Its name.
	 * @param array<int, string> $choices Choices.
	 */
	private function field( string $key, string $label, array $choices ): void {
		woocommerce_wp_select(
			array(
				'id'      => $key,
				'label'   => $label,
				'options' => array( '' => __( 'As in the settings', 'fiscalgate-for-woocommerce' ) ) + $choices,
			)
		);
	}

	/**
	 * Keeps what was chosen. WooCommerce has checked the form.
	 *
	 * @param \WC_Product $product Product.
	 */
	public function save( $product ): void {
		$fields = array(
			Order_Reader::SUBJECT => Words::subjects(),
			Order_Reader::METHOD  => Words::methods(),
		);
		foreach ( $fields as $key => $choices ) {
			// phpcs:ignore WordPress.Security.NonceVerification.Missing -- checked by WooCommerce before it saves a product.
			$value = isset( $_POST[ $key ] ) ? sanitize_text_field( wp_unslash( $_POST[ $key ] ) ) : '';
			if ( isset( $choices[ $value ] ) ) {
				$product->update_meta_data( $key, $value );
			} else {
				$product->delete_meta_data( $key );
			}
		}
	}
}
