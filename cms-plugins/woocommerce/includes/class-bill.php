<?php
/**
 * What was paid for an order, or paid back.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Lines, what they make, how it was paid and by whom: all that a receipt is made of.
 */
final class Bill {

	/**
	 * Lines of the order; of a refund, those it names.
	 *
	 * @var Line[]
	 */
	private array $lines;
	private int $total;
	private bool $is_cash;
	private string $email;
	private string $phone;
	private int $gift_cards;

	/**
	 * Makes a bill.
	 *
	 * @param Line[] $lines      What it is for.
	 * @param int    $total      Kopecks that were paid.
	 * @param bool   $is_cash    Whether in cash.
	 * @param string $email      Of the buyer.
	 * @param string $phone      Of the buyer.
	 * @param int    $gift_cards Kopecks of gift cards that the total does not hold.
	 */
	public function __construct( array $lines, int $total, bool $is_cash, string $email, string $phone, int $gift_cards = 0 ) {
		$this->lines      = $lines;
		$this->total      = $total;
		$this->is_cash    = $is_cash;
		$this->email      = $email;
		$this->phone      = $phone;
		$this->gift_cards = $gift_cards;
	}

	/**
	 * Lines that cost something.
	 *
	 * @return Line[]
	 */
	public function charged(): array {
		return array_filter(
			$this->lines,
			static function ( Line $line ): bool {
				return $line->sum() > 0;
			}
		);
	}

	/** Kopecks that lines below zero take off, as a number above zero. */
	public function taken_off(): int {
		$sum = 0;
		foreach ( $this->lines as $line ) {
			$sum -= min( 0, $line->sum() );
		}
		return $sum;
	}

	/** Kopecks that all lines make, gift cards taken off. */
	public function lines_sum(): int {
		$sum = -$this->gift_cards;
		foreach ( $this->lines as $line ) {
			$sum += $line->sum();
		}
		return $sum;
	}

	/** How many kopecks lines and total may differ by: a shop rounds line by line, and each tax once more. */
	public function rounding(): int {
		return count( $this->lines ) + 2;
	}

	/** Kopecks that were paid. */
	public function total(): int {
		return $this->total;
	}

	/** Kopecks of gift cards that the total does not hold. */
	public function gift_cards(): int {
		return $this->gift_cards;
	}

	/** Whether it was paid in cash. */
	public function is_cash(): bool {
		return $this->is_cash;
	}

	/** Address of the buyer, "" if there is none. */
	public function email(): string {
		return $this->email;
	}

	/** Phone of the buyer, "" if there is none. */
	public function phone(): string {
		return $this->phone;
	}

	/**
	 * The same lines for another sum: where nobody says what a part of the money was paid back for.
	 *
	 * @param int $total Kopecks.
	 */
	public function for_total( int $total ): self {
		$copy        = clone $this;
		$copy->total = $total;
		return $copy;
	}
}
