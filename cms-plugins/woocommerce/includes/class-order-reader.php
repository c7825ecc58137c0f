<?php
/**
 * Reads what an order of WooCommerce says was paid.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\Quantity;

/**
 * Takes everything from the order, and from a product only what the owner said of it: products change, or are deleted.
 */
final class Order_Reader {

	public const SUBJECT = '_fiscalgate_subject';
	public const METHOD  = '_fiscalgate_method';

	private const TYPES      = array( 'line_item', 'shipping', 'fee' );
	private const GIFT_TYPES = array( 'gift_card', 'pw_gift_card' );

	private Settings $settings;

	/**
	 * Reads by these settings.
	 *
	 * @param Settings $settings Settings.
	 */
	public function __construct( Settings $settings ) {
		$this->settings = $settings;
	}

	/**
	 * The whole order.
	 *
	 * @param \WC_Order $order The order.
	 */
	public function order( \WC_Order $order ): Bill {
		return $this->bill( $order, $this->lines( $order ), Money::parse( $order->get_total() ), $this->gift_cards( $order ) );
	}

	/**
	 * What a refund names, and what it pays back.
	 *
	 * @param \WC_Order        $order  The order.
	 * @param \WC_Order_Refund $refund One of its refunds.
	 */
	public function refund( \WC_Order $order, \WC_Order_Refund $refund ): Bill {
		$taken  = $this->taken( array( $refund ) );
		$chosen = array();
		foreach ( $this->items( $order ) as $id => $item ) {
			list( $sum, $quantity ) = $taken[ $id ] ?? array( 0, 0 );
			if ( 0 !== $sum ) {
				$chosen[] = $this->line( $order, $item, $sum, $quantity > 0 ? $quantity : Quantity::ONE );
			}
		}
		return $this->bill( $order, $chosen, self::amount( $refund ), 0 );
	}

	/**
	 * What of an order was not paid back.
	 *
	 * @param \WC_Order          $order   The order.
	 * @param \WC_Order_Refund[] $refunds Those that count.
	 */
	public function rest( \WC_Order $order, array $refunds ): Bill {
		$taken = $this->taken( $refunds );
		$total = Money::parse( $order->get_total() );
		foreach ( $refunds as $refund ) {
			$total -= self::amount( $refund );
		}
		$lines = array();
		foreach ( $this->lines( $order ) as $id => $line ) {
			$lines[] = $line->without( ...( $taken[ $id ] ?? array( 0, 0 ) ) );
		}
		return $this->bill( $order, $lines, max( 0, $total ), $this->gift_cards( $order ) );
	}

	/**
	 * Kopecks that a refund pays back.
	 *
	 * @param \WC_Order_Refund $refund A refund.
	 */
	public static function amount( \WC_Order_Refund $refund ): int {
		return abs( Money::parse( $refund->get_amount() ) );
	}

	/**
	 * Puts a bill together.
	 *
	 * @param \WC_Order $order      The order.
	 * @param Line[]    $lines      Lines.
	 * @param int       $total      Kopecks.
	 * @param int       $gift_cards Kopecks.
	 */
	private function bill( \WC_Order $order, array $lines, int $total, int $gift_cards ): Bill {
		$is_cash = in_array( $order->get_payment_method(), $this->settings->words( 'cash_methods' ), true );
		return new Bill( array_values( $lines ), $total, $is_cash, $order->get_billing_email(), $order->get_billing_phone(), $gift_cards );
	}

	/**
	 * Everything in an order that has a price, by id.
	 *
	 * @param \WC_Abstract_Order $order An order, or a refund.
	 * @return array<int, \WC_Order_Item>
	 */
	private function items( \WC_Abstract_Order $order ): array {
		$items = array();
		foreach ( self::TYPES as $type ) {
			foreach ( $order->get_items( $type ) as $item ) {
				$items[ $item->get_id() ] = $item;
			}
		}
		return $items;
	}

	/**
	 * All lines of an order, by the ids of their items.
	 *
	 * @param \WC_Order $order The order.
	 * @return array<int, Line>
	 */
	private function lines( \WC_Order $order ): array {
		$lines = array();
		foreach ( $this->items( $order ) as $id => $item ) {
			$sum = self::sum( $item );
			if ( 0 !== $sum ) {
				$lines[ $id ] = $this->line( $order, $item, $sum, max( 1, Quantity::parse( self::quantity( $item ) ) ) );
			}
		}
		return $lines;
	}

	/**
	 * One line.
	 *
	 * @param \WC_Order      $order    The order.
	 * @param \WC_Order_Item $item     Its item.
	 * @param int            $sum      Kopecks.
	 * @param int            $quantity Millionths.
	 */
	private function line( \WC_Order $order, \WC_Order_Item $item, int $sum, int $quantity ): Line {
		$product = $item instanceof \WC_Order_Item_Product ? $item->get_product() : null;
		$product = $product instanceof \WC_Product ? $product : null;
		$subject = $item instanceof \WC_Order_Item_Product ? $this->settings->subject() : PaymentSubject::SERVICE;
		$setting = $item instanceof \WC_Order_Item_Shipping ? $this->settings->text( 'vat_delivery' ) : $this->settings->vat( $item->get_tax_class() );
		return new Line(
			$item->get_name(),
			$sum,
			$quantity,
			Rates::of( $setting, $this->percents( $order, $item ) ),
			self::choice( $product, self::SUBJECT, PaymentSubject::ALL ) ?? $subject,
			self::choice( $product, self::METHOD, PaymentMethod::ALL )
		);
	}

	/**
	 * Kopecks of an item, tax included.
	 *
	 * @param \WC_Order_Item $item Item.
	 */
	private static function sum( \WC_Order_Item $item ): int {
		return Money::parse( (float) $item->get_total() + (float) $item->get_total_tax() );
	}

	/**
	 * How many; delivery and fees are one.
	 *
	 * @param \WC_Order_Item $item Item.
	 * @return string|int|float
	 */
	private static function quantity( \WC_Order_Item $item ) {
		$quantity = $item instanceof \WC_Order_Item_Product ? $item->get_quantity() : 1;
		return 0 === (int) round( (float) $quantity * Quantity::ONE ) ? 1 : $quantity;
	}

	/**
	 * Percentages of the taxes on an item, as they were when it was ordered.
	 *
	 * @param \WC_Order      $order The order.
	 * @param \WC_Order_Item $item  Its item.
	 * @return string[]
	 */
	private function percents( \WC_Order $order, \WC_Order_Item $item ): array {
		$taxes    = $item->get_taxes();
		$charged  = array_filter( (array) ( $taxes['total'] ?? array() ), 'strlen' );
		$percents = array();
		foreach ( $order->get_items( 'tax' ) as $tax ) {
			if ( isset( $charged[ $tax->get_rate_id() ] ) ) {
				$percents[] = (string) $tax->get_rate_percent();
			}
		}
		return $percents;
	}

	/**
	 * What the owner chose for a product, or for the product that it is a variation of.
	 *
	 * @param \WC_Product|null $product Product, if it is still there.
	 * @param string           $key     SUBJECT or METHOD.
	 * @param int[]            $known   Numbers that may be.
	 */
	private static function choice( ?\WC_Product $product, string $key, array $known ): ?int {
		if ( null === $product ) {
			return null;
		}
		$parent = $product->get_parent_id() > 0 ? wc_get_product( $product->get_parent_id() ) : null;
		$value  = (int) ( $parent instanceof \WC_Product ? $parent : $product )->get_meta( $key );
		return in_array( $value, $known, true ) ? $value : null;
	}

	/**
	 * Kopecks of gift cards that were taken off the total of an order beside its lines, by the plugins that do so.
	 *
	 * @param \WC_Order $order The order.
	 */
	private function gift_cards( \WC_Order $order ): int {
		$sum = 0;
		foreach ( $order->get_items( self::GIFT_TYPES ) as $item ) {
			$sum += Money::parse( is_callable( array( $item, 'get_amount' ) ) ? $item->get_amount() : 0 );
		}
		/**
		 * Lets a plugin for gift cards say how much they paid of an order, where the total of the order is less for it.
		 *
		 * @param int       $sum   Kopecks.
		 * @param \WC_Order $order The order.
		 */
		return (int) apply_filters( 'fiscalgate_woo_gift_cards', $sum, $order );
	}

	/**
	 * What refunds took of the items of their order.
	 *
	 * @param \WC_Order_Refund[] $refunds Refunds.
	 * @return array<int, array{int, int}> Kopecks and millionths, by the ids of the order's items.
	 */
	private function taken( array $refunds ): array {
		$taken = array();
		foreach ( $refunds as $refund ) {
			foreach ( $this->items( $refund ) as $item ) {
				$id           = (int) $item->get_meta( '_refunded_item_id' );
				$quantity     = $item instanceof \WC_Order_Item_Product ? abs( (float) $item->get_quantity() ) : 0;
				$before       = $taken[ $id ] ?? array( 0, 0 );
				$taken[ $id ] = array( $before[0] - self::sum( $item ), $before[1] + (int) round( $quantity * Quantity::ONE ) );
			}
		}
		return $taken;
	}
}
