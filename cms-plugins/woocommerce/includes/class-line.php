<?php
/**
 * One line of an order, as the receipt needs it.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Vat;

/**
 * What was charged for goods, delivery or a fee, tax included. A sum below zero is a discount on everything, or a gift
 * card, as the settings say.
 */
final class Line {

	private string $name;
	private int $sum;
	private int $quantity;
	private int $vat;
	private int $subject;
	private ?int $method;

	/**
	 * Makes a line.
	 *
	 * @param string   $name     What is sold.
	 * @param int      $sum      Kopecks of the whole line.
	 * @param int      $quantity Millionths of a piece.
	 * @param int      $vat      One of Vat.
	 * @param int      $subject  One of PaymentSubject.
	 * @param int|null $method   One of PaymentMethod, if the product has one of its own.
	 */
	public function __construct( string $name, int $sum, int $quantity, int $vat, int $subject, ?int $method = null ) {
		$this->name     = $name;
		$this->sum      = $sum;
		$this->quantity = max( 1, $quantity );
		$this->vat      = $vat;
		$this->subject  = $subject;
		$this->method   = $method;
	}

	/** Kopecks of the whole line, below zero for a discount. */
	public function sum(): int {
		return $this->sum;
	}

	/**
	 * The same line after a part of it was paid back.
	 *
	 * @param int $sum      Kopecks that were paid back; below zero of a discount that was.
	 * @param int $quantity Millionths that came back; where all came back, but not all was paid back, they still count.
	 */
	public function without( int $sum, int $quantity ): self {
		$copy           = clone $this;
		$copy->sum      = $this->sum < 0 ? min( 0, $this->sum - $sum ) : max( 0, $this->sum - $sum );
		$copy->quantity = $this->quantity > $quantity ? $this->quantity - $quantity : $this->quantity;
		return $copy;
	}

	/**
	 * The line as an item of a receipt, at whatever price makes about its sum.
	 *
	 * @param int $method One of PaymentMethod, for goods that have none of their own.
	 */
	public function item( int $method ): Item {
		$method = $this->method ?? $method;
		$vat    = PaymentMethod::isPrepayment( $method ) ? Vat::ofPrepayment( $this->vat ) : $this->vat;
		$price  = (int) round( $this->sum * Quantity::ONE / $this->quantity );
		return Item::of( $this->name, max( 0, $price ), $this->quantity, $vat )->withSubject( $this->subject )->withMethod( $method );
	}
}
