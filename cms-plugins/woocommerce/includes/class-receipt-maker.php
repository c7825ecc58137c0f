<?php
/**
 * Makes receipts of what was paid.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\TotalMismatchException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptBuilder;
use Fiscalgate\Sdk\ReceiptType;

/**
 * A bill becomes a receipt that makes its total to the kopeck, or an exception. Knows nothing of WordPress.
 */
final class Receipt_Maker {

	private Settings $settings;
	private string $site;

	/**
	 * Makes receipts by these settings.
	 *
	 * @param Settings $settings Settings.
	 * @param string   $site     Address of the shop.
	 */
	public function __construct( Settings $settings, string $site ) {
		$this->settings = $settings;
		$this->site     = $site;
	}

	/**
	 * The buyer pays.
	 *
	 * @param Bill $bill   What was paid.
	 * @param int  $method PaymentMethod::FULL, or FULL_PREPAYMENT where a second receipt follows.
	 */
	public function sale( Bill $bill, int $method ): Receipt {
		return $this->build( ReceiptType::SALE, $bill, $method );
	}

	/**
	 * The buyer is paid back.
	 *
	 * @param Bill $own    What the refund names.
	 * @param Bill $rest   What of the order had not been paid back before.
	 * @param int  $method As the sale has it by now.
	 */
	public function refund( Bill $own, Bill $rest, int $method ): Receipt {
		$fits = abs( $own->lines_sum() - $own->total() ) <= $own->rounding() && array() !== $own->charged();
		return $this->build( ReceiptType::SALE_RETURN, $fits ? $own : $rest->for_total( $own->total() ), $method, ! $fits );
	}

	/**
	 * The second receipt: what was prepaid is handed over.
	 *
	 * @param Bill $rest    What of the order was not paid back.
	 * @param int  $prepaid Kopecks that the receipts of the prepayment make.
	 * @throws TotalMismatchException Where the order is no longer what was prepaid.
	 */
	public function settlement( Bill $rest, int $prepaid ): Receipt {
		$items = array();
		$full  = $this->build( ReceiptType::SALE, $rest, PaymentMethod::FULL_PREPAYMENT, true );
		foreach ( $full->getItems() as $item ) {
			if ( PaymentMethod::isPrepayment( $item->getMethod() ) ) {
				$items[] = $item->withMethod( PaymentMethod::FULL )->withVat( Rates::of_settlement( $item->getVat() ) );
			}
		}
		$receipt = new Receipt( ReceiptType::SALE, $this->settings->taxation(), $items, Payments::prepayment( $prepaid ), $this->customer( $rest ) );
		if ( $receipt->total() !== $prepaid ) {
			throw new TotalMismatchException( $receipt->total(), $prepaid );
		}
		return $this->on_site( $receipt );
	}

	/**
	 * Kopecks of a receipt that were paid before the goods are handed over.
	 *
	 * @param Receipt $receipt A receipt.
	 */
	public static function prepaid( Receipt $receipt ): int {
		$items = array_filter(
			$receipt->getItems(),
			static function ( Item $item ): bool {
				return PaymentMethod::isPrepayment( $item->getMethod() );
			}
		);
		return array_sum(
			array_map(
				static function ( Item $item ): int {
					return $item->getSum();
				},
				$items
			)
		);
	}

	/**
	 * Builds the receipt.
	 *
	 * @param int  $type     One of ReceiptType.
	 * @param Bill $bill     What is settled.
	 * @param int  $method   One of PaymentMethod.
	 * @param bool $may_fall Whether the total may be less than the lines.
	 */
	private function build( int $type, Bill $bill, int $method, bool $may_fall = false ): Receipt {
		$cards   = $this->gift_cards( $bill );
		$builder = new ReceiptBuilder( $type, $this->settings->taxation(), $bill->total() + $cards );
		foreach ( $bill->charged() as $line ) {
			$builder->addItem( $line->item( $method ), $line->sum() );
		}
		$builder->addDiscount( $bill->taken_off() + $bill->gift_cards() - $cards );
		$builder->allowRounding( $bill->rounding() );
		if ( $may_fall ) {
			$builder->reduceToTotal();
		}
		$builder->paidBy( new Payments( $bill->is_cash() ? $bill->total() : 0, $bill->is_cash() ? 0 : $bill->total(), $cards ) );
		return $this->on_site( $builder->build( $this->customer( $bill ) ) );
	}

	/**
	 * Kopecks of gift cards that are an advance of the buyer, and no discount. Where a part of the money is paid back,
	 * nothing is put back on a card.
	 *
	 * @param Bill $bill What is settled.
	 */
	private function gift_cards( Bill $bill ): int {
		$is_whole = abs( $bill->lines_sum() - $bill->total() ) <= $bill->rounding();
		return $is_whole && Settings::ADVANCE === $this->settings->text( 'gift' ) ? $bill->taken_off() + $bill->gift_cards() : 0;
	}

	/**
	 * Where the receipt goes.
	 *
	 * @param Bill $bill Names the buyer.
	 * @throws ValidationException Where there is neither address nor phone.
	 */
	private function customer( Bill $bill ): Customer {
		try {
			return Customer::emailOrPhone( $bill->email(), $bill->phone() );
		} catch ( ValidationException $e ) {
			$fallback = $this->settings->text( 'fallback_email' );
			if ( '' === $fallback ) {
				throw new ValidationException( 'customer', 'has neither an e-mail address nor a phone number' );
			}
			return Customer::email( $fallback );
		}
	}

	/**
	 * Says that it was settled on the internet, where the address of the shop can stand in a receipt.
	 *
	 * @param Receipt $receipt The receipt.
	 */
	private function on_site( Receipt $receipt ): Receipt {
		if ( ! $this->settings->is( 'internet' ) ) {
			return $receipt;
		}
		try {
			return $receipt->withSite( $this->site );
		} catch ( ValidationException $e ) {
			return $receipt; // A name without a dot is a shop on somebody's own computer.
		}
	}
}
