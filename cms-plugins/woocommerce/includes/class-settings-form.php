<?php
/**
 * What can be set up, and how it is checked.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Contact;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\FfdVersion;

/**
 * The fields of the settings page, and the way from what was posted to what is stored.
 */
final class Settings_Form {

	public const SECRETS = array( 'token', 'code' );

	/**
	 * Sections with their fields: name => array( type, label, what it means, choices ).
	 *
	 * @return array<string, array{0: string, 1: array<string, array<int, mixed>>}>
	 */
	public static function sections(): array {
		return array(
			'connection' => array( __( 'Connection', 'fiscalgate-for-woocommerce' ), self::connection() ),
			'when'       => array( __( 'Which orders, and when', 'fiscalgate-for-woocommerce' ), self::when() ),
			'receipts'   => array( __( 'What stands in a receipt', 'fiscalgate-for-woocommerce' ), self::receipts() ),
			'other'      => array( __( 'Other', 'fiscalgate-for-woocommerce' ), self::other() ),
		);
	}

	/**
	 * Fields about the gateway.
	 *
	 * @return array<string, array<int, mixed>>
	 */
	private static function connection(): array {
		return array(
			'gateway' => array( 'text', __( 'Address of the gateway', 'fiscalgate-for-woocommerce' ), 'https://fiscal.example' ),
			'account' => array( 'text', __( 'Account', 'fiscalgate-for-woocommerce' ), '' ),
			'token'   => array( 'secret', __( 'Register token', 'fiscalgate-for-woocommerce' ), __( 'Of a cash register, or of a group of them.', 'fiscalgate-for-woocommerce' ) ),
			'code'    => array( 'secret', __( 'Integrity code', 'fiscalgate-for-woocommerce' ), __( 'Signs what the shop sends, and proves what comes back.', 'fiscalgate-for-woocommerce' ) ),
			'prefix'  => array( 'text', __( 'Prefix of order numbers', 'fiscalgate-for-woocommerce' ), __( 'Only where several shops use one account: letters, not ending in a digit. Do not change it later.', 'fiscalgate-for-woocommerce' ) ),
			'ffd'     => array( 'choice', __( 'Version of the fiscal format', 'fiscalgate-for-woocommerce' ), __( 'As the cash register is set up at the gateway.', 'fiscalgate-for-woocommerce' ), array_combine( array_reverse( FfdVersion::ALL ), array_reverse( FfdVersion::ALL ) ) ),
		);
	}

	/**
	 * Fields about what makes a receipt.
	 *
	 * @return array<string, array<int, mixed>>
	 */
	private static function when(): array {
		return array(
			'methods'         => array( 'list', __( 'Ways of payment that get receipts', 'fiscalgate-for-woocommerce' ), __( 'None chosen means all. Leave out those whose provider makes the receipts.', 'fiscalgate-for-woocommerce' ), self::payment_methods() ),
			'cash_methods'    => array( 'list', __( 'Of these, paid in cash', 'fiscalgate-for-woocommerce' ), '', self::payment_methods() ),
			'on_payment'      => array( 'switch', __( 'When the payment is confirmed', 'fiscalgate-for-woocommerce' ), __( 'A payment gateway says that it has the money.', 'fiscalgate-for-woocommerce' ) ),
			'statuses'        => array( 'list', __( 'When an order comes into one of these statuses', 'fiscalgate-for-woocommerce' ), __( 'For payments that nobody confirms: bank transfer, cash on delivery. "Processing" counts only for orders with a date of payment.', 'fiscalgate-for-woocommerce' ), self::order_statuses() ),
			'after'           => array( 'date', __( 'Only orders from this day on', 'fiscalgate-for-woocommerce' ), __( 'Older ones get a receipt only by a button.', 'fiscalgate-for-woocommerce' ) ),
			'prepayment'      => array( 'switch', __( 'Two receipts: prepayment, then final settlement', 'fiscalgate-for-woocommerce' ), __( 'For goods that are handed over later than they are paid.', 'fiscalgate-for-woocommerce' ) ),
			'settle_statuses' => array( 'list', __( 'Handed over in these statuses', 'fiscalgate-for-woocommerce' ), __( 'They make the second receipt of a prepaid order.', 'fiscalgate-for-woocommerce' ), self::order_statuses() ),
		);
	}

	/**
	 * Fields about lines and buyers.
	 *
	 * @return array<string, array<int, mixed>>
	 */
	private static function receipts(): array {
		$fields = array(
			'taxation' => array( 'choice', __( 'Regime of taxation', 'fiscalgate-for-woocommerce' ), '', Words::tax_systems() ),
		);
		foreach ( self::tax_classes() as $class => $name ) {
			/* translators: %s: name of a tax class */
			$fields[ "vat[$class]" ] = array( 'choice', sprintf( __( 'VAT of the tax class "%s"', 'fiscalgate-for-woocommerce' ), $name ), '', Words::rates() );
		}
		return $fields + array(
			'vat_delivery'   => array( 'choice', __( 'VAT of delivery', 'fiscalgate-for-woocommerce' ), '', Words::rates() ),
			'subject'        => array( 'choice', __( 'What is sold', 'fiscalgate-for-woocommerce' ), __( 'A product may differ: there is a field on its page, and one for the way it is settled.', 'fiscalgate-for-woocommerce' ), Words::subjects() ),
			'gift'           => array(
				'choice',
				__( 'Fees below zero and gift cards are', 'fiscalgate-for-woocommerce' ),
				'',
				array(
					Settings::DISCOUNT => __( 'a discount', 'fiscalgate-for-woocommerce' ),
					Settings::ADVANCE  => __( 'an advance that was paid before', 'fiscalgate-for-woocommerce' ),
				),
			),
			'internet'       => array( 'switch', __( 'Settled on the internet', 'fiscalgate-for-woocommerce' ), __( 'Tag 1125, with the address of the shop.', 'fiscalgate-for-woocommerce' ) ),
			'fallback_email' => array( 'text', __( 'E-mail for buyers without any contact', 'fiscalgate-for-woocommerce' ), __( 'Yours: an electronic receipt has to go somewhere.', 'fiscalgate-for-woocommerce' ) ),
		);
	}

	/**
	 * Other fields.
	 *
	 * @return array<string, array<int, mixed>>
	 */
	private static function other(): array {
		return array(
			'test_mode'   => array( 'switch', __( 'Test mode', 'fiscalgate-for-woocommerce' ), __( 'The gateway checks receipts and prints none.', 'fiscalgate-for-woocommerce' ) ),
			'debug'       => array( 'switch', __( 'Log everything', 'fiscalgate-for-woocommerce' ), __( 'In WooCommerce, Status, Logs. Secrets and contacts are masked.', 'fiscalgate-for-woocommerce' ) ),
			'delete_data' => array( 'switch', __( 'Delete fiscal data with the plugin', 'fiscalgate-for-woocommerce' ), __( 'Otherwise orders keep their receipts when the plugin is deleted.', 'fiscalgate-for-woocommerce' ) ),
		);
	}

	/**
	 * Ways of payment that the shop has.
	 *
	 * @return array<string, string>
	 */
	private static function payment_methods(): array {
		$methods = array();
		foreach ( WC()->payment_gateways()->payment_gateways() as $gateway ) {
			$methods[ (string) $gateway->id ] = wp_strip_all_tags( (string) $gateway->get_method_title() );
		}
		return $methods;
	}

	/**
	 * Statuses of orders, without "wc-".
	 *
	 * @return array<string, string>
	 */
	private static function order_statuses(): array {
		$statuses = array();
		foreach ( wc_get_order_statuses() as $status => $name ) {
			$statuses[ (string) preg_replace( '/^wc-/', '', $status ) ] = $name;
		}
		return array_diff_key( $statuses, array_flip( array( 'pending', 'failed', 'cancelled', 'refunded', 'checkout-draft' ) ) );
	}

	/**
	 * Tax classes by what an order has of them.
	 *
	 * @return array<string, string>
	 */
	private static function tax_classes(): array {
		$classes = array( Settings::STANDARD => __( 'Standard', 'fiscalgate-for-woocommerce' ) );
		foreach ( \WC_Tax::get_tax_rate_classes() as $class ) {
			$classes[ $class->slug ] = $class->name; // The slug need not be made of the name.
		}
		return $classes;
	}

	/**
	 * What is stored of what was posted. What cannot be is told, and stays as it was.
	 *
	 * @param mixed    $posted  Values by name.
	 * @param mixed    $present What is stored by now.
	 * @param callable $tell    (string $name, string $text): void.
	 * @return array<string, mixed>
	 */
	public static function accept( $posted, $present, callable $tell ): array {
		$posted = is_array( $posted ) ? $posted : array();
		$stored = is_array( $present ) ? $present : array();
		$names  = Settings::names();
		foreach ( array_diff( $names['texts'], array( 'previous_code', 'previous_until' ) ) as $name ) {
			$value = sanitize_text_field( is_scalar( $posted[ $name ] ?? null ) ? (string) $posted[ $name ] : '' );
			$fault = self::fault( $name, $value );
			if ( '' !== $fault ) {
				$tell( $name, $fault );
			} elseif ( '' !== $value || ! in_array( $name, self::SECRETS, true ) ) {
				$stored = self::put( $stored, $name, $value );
			}
		}
		foreach ( $names['switches'] as $name ) {
			$stored[ $name ] = 'yes' === ( $posted[ $name ] ?? '' ) ? 'yes' : 'no';
		}
		foreach ( $names['lists'] as $name ) {
			$words           = array_map( 'strval', array_filter( (array) ( $posted[ $name ] ?? array() ), 'is_scalar' ) );
			$stored[ $name ] = array_values( array_filter( array_map( 'sanitize_key', $words ), 'strlen' ) );
		}
		$stored['vat'] = array();
		foreach ( array_filter( (array) ( $posted['vat'] ?? array() ), 'is_scalar' ) as $class => $rate ) {
			$stored['vat'][ sanitize_title( (string) $class ) ] = sanitize_key( (string) $rate );
		}
		return $stored;
	}

	/**
	 * Puts a text among what is stored; of a code that changes, the one before counts for callbacks for a day.
	 *
	 * @param array<string, mixed> $stored What is stored.
	 * @param string               $name   Name of the setting.
	 * @param string               $value  Its new value.
	 * @return array<string, mixed>
	 */
	private static function put( array $stored, string $name, string $value ): array {
		if ( 'code' === $name && ( $stored['code'] ?? '' ) !== $value ) {
			$stored['previous_code']  = (string) ( $stored['code'] ?? '' );
			$stored['previous_until'] = (string) ( time() + DAY_IN_SECONDS );
		}
		$stored[ $name ] = $value;
		return $stored;
	}

	/**
	 * What is wrong with a text; "" if nothing is.
	 *
	 * @param string $name  Name of the setting.
	 * @param string $value Its value.
	 */
	private static function fault( string $name, string $value ): string {
		if ( '' === $value ) {
			return '';
		}
		if ( 'gateway' === $name ) {
			try {
				new \Fiscalgate\Sdk\Account( $value, 'a', 'a', 'a' );
			} catch ( ValidationException $e ) {
				return __( 'The address of the gateway must look like https://fiscal.example.', 'fiscalgate-for-woocommerce' );
			}
		}
		if ( 'prefix' === $name && 1 !== preg_match( '/^[A-Za-z0-9._-]{0,31}[A-Za-z._-]$/D', $value ) ) {
			return __( 'The prefix takes Latin letters, digits, dots and hyphens, and does not end in a digit.', 'fiscalgate-for-woocommerce' );
		}
		if ( 'fallback_email' === $name && ! Contact::isEmail( $value ) ) {
			return __( 'This is no e-mail address.', 'fiscalgate-for-woocommerce' );
		}
		$day = \DateTimeImmutable::createFromFormat( '!Y-m-d', $value );
		if ( 'after' === $name && ( false === $day || $day->format( 'Y-m-d' ) !== $value ) ) {
			return __( 'This is no date.', 'fiscalgate-for-woocommerce' );
		}
		return '';
	}
}
