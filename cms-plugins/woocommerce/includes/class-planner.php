<?php
/**
 * Fixes what will be posted for an operation.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\Submission;

/**
 * Reads the order and makes the receipt of an operation. No network, so that it may run within a checkout.
 */
final class Planner {

	private Settings $settings;
	private Order_Reader $reader;
	private Receipt_Maker $maker;
	private Triggers $triggers;
	private Operations $operations;
	private string $callback_url;

	/**
	 * Plans by these settings.
	 *
	 * @param Settings      $settings     Settings.
	 * @param Order_Reader  $reader       Reads orders.
	 * @param Receipt_Maker $maker        Makes receipts.
	 * @param Triggers      $triggers     Knows what a prepayment is.
	 * @param Operations    $operations   What there is already.
	 * @param string        $callback_url Where results come to.
	 */
	public function __construct( Settings $settings, Order_Reader $reader, Receipt_Maker $maker, Triggers $triggers, Operations $operations, string $callback_url ) {
		$this->settings     = $settings;
		$this->reader       = $reader;
		$this->maker        = $maker;
		$this->triggers     = $triggers;
		$this->operations   = $operations;
		$this->callback_url = $callback_url;
	}

	/**
	 * The operation with its receipt, or with the reason why there is none; null where there is nothing to be done.
	 *
	 * @param \WC_Order      $order   The order.
	 * @param string         $key     Key of the operation.
	 * @param Operation|null $present What is stored, if it is.
	 * @param int            $now     Seconds since 1970.
	 */
	public function plan( \WC_Order $order, string $key, ?Operation $present, int $now ): ?Operation {
		$others = $this->operations->all( $order->get_id() );
		unset( $others[ $key ] );
		if ( Operation::SETTLEMENT === $key && ! $this->needs_settlement( $others ) ) {
			return null;
		}
		$operation = $present ?? Operation::of( $key, $this->number( $order, $key, $others ), $now );
		try {
			$this->fix( $operation, $order, $others );
		} catch ( FiscalgateException $e ) {
			$operation->fail( $e, null, $now, Words::fault( $e ) );
		}
		return $operation;
	}

	/**
	 * Fixes the receipt, or says that nothing was paid.
	 *
	 * @param Operation                $operation Operation.
	 * @param \WC_Order                $order     Its order.
	 * @param array<string, Operation> $others    The order's others.
	 * @throws ValidationException Where there can be none.
	 */
	private function fix( Operation $operation, \WC_Order $order, array $others ): void {
		if ( Triggers::ROUBLES !== $order->get_currency() ) {
			throw new ValidationException( 'currency', 'is ' . $order->get_currency() );
		}
		$method  = $this->method( $operation->key(), $order, $others );
		$receipt = $this->receipt( $operation, $order, $others, $method );
		if ( null === $receipt ) {
			$operation->free();
			return;
		}
		/**
		 * Lets a plugin add to a receipt: agents, attributes, an address. Its sum must stay what it is.
		 *
		 * @param Receipt   $receipt The receipt.
		 * @param \WC_Order $order   Its order.
		 * @param string    $key     "sale", "settle" or "refund-ID".
		 */
		$changed = apply_filters( 'fiscalgate_woo_receipt', $receipt, $order, $operation->key() );
		if ( ! $changed instanceof Receipt || $changed->total() !== $receipt->total() ) {
			throw new ValidationException( 'receipt', 'was changed by another plugin so that its sum is no longer that of the order' );
		}
		$submission = Submission::of( $operation->number(), $changed, $this->settings->account( $this->callback_url ) );
		$operation->plan( $changed, $submission, $method );
	}

	/**
	 * The receipt of an operation; null where nothing was paid.
	 *
	 * @param Operation                $operation Operation.
	 * @param \WC_Order                $order     Its order.
	 * @param array<string, Operation> $others    The order's others.
	 * @param int                      $method    One of PaymentMethod.
	 */
	private function receipt( Operation $operation, \WC_Order $order, array $others, int $method ): ?Receipt {
		if ( Operation::SALE === $operation->key() ) {
			$bill = $this->reader->order( $order );
			return 0 === $bill->total() && 0 === $this->advance( $bill ) ? null : $this->maker->sale( $bill, $method );
		}
		if ( Operation::SETTLEMENT === $operation->key() ) {
			$prepaid = self::prepaid( $others );
			return 0 === $prepaid ? null : $this->maker->settlement( $this->reader->rest( $order, $order->get_refunds() ), $prepaid );
		}
		return $this->refund( $operation, $order, $method );
	}

	/**
	 * The receipt of a refund.
	 *
	 * @param Operation $operation Operation.
	 * @param \WC_Order $order     Its order.
	 * @param int       $method    One of PaymentMethod.
	 * @throws ValidationException Where the refund is no longer there.
	 */
	private function refund( Operation $operation, \WC_Order $order, int $method ): ?Receipt {
		$id      = (int) substr( $operation->key(), strlen( Operation::REFUND ) );
		$own     = null;
		$earlier = array();
		foreach ( $order->get_refunds() as $refund ) {
			if ( $refund->get_id() === $id ) {
				$own = $refund;
			} elseif ( $refund->get_id() < $id ) {
				$earlier[] = $refund;
			}
		}
		if ( null === $own ) {
			throw new ValidationException( 'refund', 'was deleted' );
		}
		$bill = $this->reader->refund( $order, $own );
		return 0 === $bill->total() ? null : $this->maker->refund( $bill, $this->reader->rest( $order, $earlier ), $method );
	}

	/**
	 * How far the goods of an operation are settled.
	 *
	 * @param string                   $key    Key of the operation.
	 * @param \WC_Order                $order  Its order.
	 * @param array<string, Operation> $others The order's others.
	 */
	private function method( string $key, \WC_Order $order, array $others ): int {
		if ( Operation::SALE === $key ) {
			return $this->triggers->is_prepayment( $order->get_status() ) ? PaymentMethod::FULL_PREPAYMENT : PaymentMethod::FULL;
		}
		$is_prepaid = isset( $others[ Operation::SALE ] ) && $others[ Operation::SALE ]->prepaid() > 0;
		return $is_prepaid && ! isset( $others[ Operation::SETTLEMENT ] ) && Operation::SETTLEMENT !== $key ? PaymentMethod::FULL_PREPAYMENT : PaymentMethod::FULL;
	}

	/**
	 * Kopecks of gift cards that make a receipt necessary though nothing else was paid.
	 *
	 * @param Bill $bill What was paid.
	 */
	private function advance( Bill $bill ): int {
		return Settings::ADVANCE === $this->settings->text( 'gift' ) ? $bill->taken_off() + $bill->gift_cards() : 0;
	}

	/**
	 * Whether an order was prepaid.
	 *
	 * @param array<string, Operation> $others The order's others.
	 */
	private function needs_settlement( array $others ): bool {
		return isset( $others[ Operation::SALE ] ) && $others[ Operation::SALE ]->prepaid() > 0;
	}

	/**
	 * Kopecks that were prepaid and not paid back.
	 *
	 * @param array<string, Operation> $others The order's others.
	 */
	private static function prepaid( array $others ): int {
		$sum = 0;
		foreach ( $others as $operation ) {
			$sum += $operation->is_refund() ? -$operation->prepaid() : $operation->prepaid();
		}
		return max( 0, $sum );
	}

	/**
	 * The number of a new operation. Refunds are counted, and keep the number they once got.
	 *
	 * @param \WC_Order                $order  The order.
	 * @param string                   $key    Key of the operation.
	 * @param array<string, Operation> $others The order's others.
	 */
	private function number( \WC_Order $order, string $key, array $others ): OrderNumber {
		$name = $this->settings->text( 'prefix' ) . $order->get_id();
		if ( Operation::SALE === $key ) {
			return OrderNumber::sale( $name );
		}
		if ( Operation::SETTLEMENT === $key ) {
			return OrderNumber::settle( $name );
		}
		$last = 0;
		foreach ( $others as $operation ) {
			$last = max( $last, (int) $operation->number()->getRefund() );
		}
		return OrderNumber::refund( $name, $last + 1 );
	}
}
