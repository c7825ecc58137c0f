<?php
/**
 * Which orders get receipts, and when.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Decides by the settings and by what is known of an order. Knows nothing of WordPress.
 */
final class Triggers {

	public const INCOMPLETE = 'incomplete';
	public const TOO_EARLY  = 'too_early';
	public const METHOD     = 'method';
	public const CURRENCY   = 'currency';
	public const ROUBLES    = 'RUB';

	private Settings $settings;
	private \DateTimeZone $zone;

	/**
	 * Decides by these settings.
	 *
	 * @param Settings      $settings Settings.
	 * @param \DateTimeZone $zone     Of the shop.
	 */
	public function __construct( Settings $settings, \DateTimeZone $zone ) {
		$this->settings = $settings;
		$this->zone     = $zone;
	}

	/**
	 * Why an order gets no receipt by itself; "" if it does.
	 *
	 * @param string $payment_method Id of the way of payment.
	 * @param string $currency       Of the order.
	 * @param int    $created        Seconds since 1970.
	 */
	public function obstacle( string $payment_method, string $currency, int $created ): string {
		if ( ! $this->settings->is_complete() ) {
			return self::INCOMPLETE;
		}
		if ( self::ROUBLES !== $currency ) {
			return self::CURRENCY;
		}
		if ( $created < $this->settings->since( $this->zone ) ) {
			return self::TOO_EARLY;
		}
		$methods = $this->settings->words( 'methods' );
		return array() === $methods || in_array( $payment_method, $methods, true ) ? '' : self::METHOD;
	}

	/**
	 * Statuses that make something.
	 *
	 * @return string[] Without "wc-".
	 */
	public function statuses(): array {
		return array_values( array_unique( array_merge( $this->settings->words( 'statuses' ), $this->settings->words( 'settle_statuses' ) ) ) );
	}

	/** Whether the payment itself makes the receipt. */
	public function on_payment(): bool {
		return $this->settings->is( 'on_payment' );
	}

	/**
	 * Whether a status makes the receipt of the sale. "Processing" is also where an order waits that will be paid on
	 * delivery, so there it has to be paid.
	 *
	 * @param string $status  Without "wc-".
	 * @param bool   $is_paid Whether the order has a date of payment.
	 */
	public function is_sale( string $status, bool $is_paid ): bool {
		return in_array( $status, $this->settings->words( 'statuses' ), true ) && ( 'processing' !== $status || $is_paid );
	}

	/**
	 * Whether a status makes the second receipt of a prepaid order.
	 *
	 * @param string $status Without "wc-".
	 */
	public function is_settlement( string $status ): bool {
		return in_array( $status, $this->settings->words( 'settle_statuses' ), true );
	}

	/**
	 * Whether the sale of an order in this status is a prepayment, and a second receipt follows.
	 *
	 * @param string $status Without "wc-".
	 */
	public function is_prepayment( string $status ): bool {
		return $this->settings->is( 'prepayment' ) && ! $this->is_settlement( $status );
	}
}
