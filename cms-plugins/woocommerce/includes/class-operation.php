<?php
/**
 * One operation with an order: its sale, its settlement, one of its refunds.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Accepted;
use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\FiscalMark;
use Fiscalgate\Sdk\Json;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\Outcome;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\RetryPolicy;
use Fiscalgate\Sdk\State;
use Fiscalgate\Sdk\Status;
use Fiscalgate\Sdk\Submission;

/**
 * What is to be posted, fixed once, and what became of it. This is what the order keeps.
 *
 * It goes:
 *
 *     planned -> sent -> done | failed | cancelled     by what the gateway says
 *     planned -> refused                               somebody must mend the order or the settings
 *     planned -> tested                                the test mode: checked, not printed
 *     free                                             nothing was paid, so there is no receipt
 */
final class Operation {

	public const SALE       = 'sale';
	public const SETTLEMENT = 'settle';
	public const REFUND     = 'refund-';

	public const PLANNED   = 'planned';
	public const SENT      = 'sent';
	public const DONE      = 'done';
	public const FAILED    = 'failed';
	public const CANCELLED = 'cancelled';
	public const REFUSED   = 'refused';
	public const TESTED    = 'tested';
	public const FREE      = 'free';

	/** Reason of a receipt that waits for the one of the sale. */
	public const AFTER_SALE = 'after_sale';
	/** Reason of one that the gateway has, and did not finish in days. */
	public const STALLED = 'stalled';

	private const SEEN = 8;

	private const EMPTY = array(
		'key'        => '',
		'number'     => '',
		'state'      => self::PLANNED,
		'gateway'    => '',
		'reason'     => '',
		'error'      => '',
		'advice'     => '',
		'due'        => 0,
		'tries'      => 0,
		'polls'      => 0,
		'created'    => 0,
		'total'      => 0,
		'prepaid'    => 0,
		'method'     => 0,
		'submission' => null,
		'id'         => '',
		'page'       => '',
		'mark'       => null,
		'seq'        => 0,
		'seen'       => array(),
	);

	/**
	 * As it is stored.
	 *
	 * @var array<string, mixed>
	 */
	private array $data;

	/**
	 * Wraps what is stored.
	 *
	 * @param array<string, mixed> $data Values under the names of EMPTY.
	 */
	private function __construct( array $data ) {
		$this->data = $data;
	}

	/**
	 * A new operation, before anything is known of its receipt.
	 *
	 * @param string      $key    SALE, SETTLEMENT or REFUND with the id of the refund.
	 * @param OrderNumber $number What the gateway knows it by.
	 * @param int         $now    Seconds since 1970.
	 */
	public static function of( string $key, OrderNumber $number, int $now ): self {
		return new self(
			array_merge(
				self::EMPTY,
				array(
					'key'     => $key,
					'number'  => (string) $number,
					'created' => $now,
				)
			)
		);
	}

	/**
	 * What was stored; null where it is not whole.
	 *
	 * @param string $text As to_text gave it.
	 */
	public static function from_text( string $text ): ?self {
		$data = Json::decode( $text );
		if ( null === $data || ! is_string( $data['key'] ?? null ) || ! is_string( $data['number'] ?? null ) ) {
			return null;
		}
		foreach ( self::EMPTY as $name => $default ) {
			$value         = $data[ $name ] ?? $default;
			$data[ $name ] = null === $default || gettype( $value ) === gettype( $default ) ? $value : $default;
		}
		return new self( array_intersect_key( $data, self::EMPTY ) );
	}

	/** For the order's storage. */
	public function to_text(): string {
		return Json::encode( $this->data );
	}

	/** SALE, SETTLEMENT or REFUND with the id of the refund. */
	public function key(): string {
		return $this->data['key'];
	}

	/** Whether it is a refund. */
	public function is_refund(): bool {
		return 0 === strpos( $this->data['key'], self::REFUND );
	}

	/** Its number at the gateway. */
	public function number(): OrderNumber {
		return OrderNumber::parse( $this->data['number'] );
	}

	/** One of the states above. */
	public function state(): string {
		return $this->data['state'];
	}

	/** The last state the gateway told, "" before. */
	public function gateway_state(): string {
		return $this->data['gateway'];
	}

	/** Why it waits or was refused: a word of RetryPolicy, or AFTER_SALE. */
	public function reason(): string {
		return $this->data['reason'];
	}

	/** Why not, in plain words. */
	public function error(): string {
		return $this->data['error'];
	}

	/** What to do about it. */
	public function advice(): string {
		return $this->data['advice'];
	}

	/** Seconds since 1970 from which it may be tried again. */
	public function due(): int {
		return $this->data['due'];
	}

	/** How often it was posted in vain. */
	public function tries(): int {
		return $this->data['tries'];
	}

	/** How often the gateway was asked for it. */
	public function polls(): int {
		return $this->data['polls'];
	}

	/** Seconds since 1970. */
	public function created(): int {
		return $this->data['created'];
	}

	/** Kopecks of the receipt; 0 while there is none. */
	public function total(): int {
		return $this->data['total'];
	}

	/** Kopecks of it that are a prepayment. */
	public function prepaid(): int {
		return $this->data['prepaid'];
	}

	/** The PaymentMethod it was made with. */
	public function method(): int {
		return $this->data['method'];
	}

	/** The gateway's id of it, "" before it is accepted. */
	public function id(): string {
		return $this->data['id'];
	}

	/** The page for the buyer, "" before it is accepted. */
	public function page(): string {
		return $this->data['page'];
	}

	/** The mark of the printed receipt. */
	public function mark(): ?FiscalMark {
		return FiscalMark::from( $this->data['mark'] );
	}

	/** The highest number of a result that was taken. */
	public function seq(): int {
		return $this->data['seq'];
	}

	/**
	 * Whether a callback was taken already.
	 *
	 * @param string $webhook_id Its id.
	 */
	public function has_seen( string $webhook_id ): bool {
		return in_array( $webhook_id, $this->data['seen'], true );
	}

	/** Whether something will still happen by itself. */
	public function is_open(): bool {
		return in_array( $this->data['state'], array( self::PLANNED, self::SENT ), true );
	}

	/** Whether somebody has to look at it. */
	public function needs_attention(): bool {
		return in_array( $this->data['state'], array( self::FAILED, self::CANCELLED, self::REFUSED ), true )
			|| $this->is_open() && ( State::UNKNOWN === $this->data['gateway'] || self::STALLED === $this->data['reason'] );
	}

	/** Whether it has content that can be posted. */
	public function has_receipt(): bool {
		return is_array( $this->data['submission'] );
	}

	/**
	 * What is posted.
	 *
	 * @throws ValidationException Where it is not there, or was not stored whole.
	 */
	public function submission(): Submission {
		if ( ! $this->has_receipt() ) {
			throw new ValidationException( 'submission', 'is not there' );
		}
		return Submission::fromArray( $this->data['submission'] );
	}

	/**
	 * Fixes what will be posted.
	 *
	 * @param Receipt    $receipt    The receipt.
	 * @param Submission $submission The same, for the wire.
	 * @param int        $method     PaymentMethod it was made with.
	 */
	public function plan( Receipt $receipt, Submission $submission, int $method ): void {
		$this->data['submission'] = $submission->toArray();
		$this->data['number']     = (string) $submission->getNumber();
		$this->data['total']      = $receipt->total();
		$this->data['prepaid']    = Receipt_Maker::prepaid( $receipt );
		$this->data['method']     = $method;
		$this->data['state']      = self::PLANNED;
		$this->clear();
	}

	/** Nothing was paid. */
	public function free(): void {
		$this->data['state'] = self::FREE;
		$this->clear();
	}

	/**
	 * Nobody else touches it until then.
	 *
	 * @param int $until Seconds since 1970.
	 */
	public function claim( int $until ): void {
		$this->data['due'] = $until;
	}

	/**
	 * It waits, and is no nearer to being given up.
	 *
	 * @param string $reason Why.
	 * @param int    $until  Seconds since 1970.
	 */
	public function wait( string $reason, int $until ): void {
		$this->data['reason'] = $reason;
		$this->data['due']    = $until;
	}

	/**
	 * The gateway has it.
	 *
	 * @param Accepted $accepted Its answer.
	 */
	public function accept( Accepted $accepted ): void {
		if ( $this->is_over() ) {
			return; // A callback was quicker.
		}
		$this->clear();
		$this->data['id']      = $accepted->getId();
		$this->data['page']    = $accepted->getReceiptUrl();
		$this->data['state']   = self::SENT;
		$this->data['gateway'] = $accepted->getState();
		if ( null !== $accepted->getOutcome() ) {
			$this->apply_outcome( $accepted->getOutcome() );
		}
	}

	/** The test mode: the gateway would take it. */
	public function tested(): void {
		$this->clear();
		$this->data['state'] = self::TESTED;
	}

	/**
	 * It could not be posted, or its receipt could not be made.
	 *
	 * @param \Throwable $error What happened.
	 * @param int|null   $pause Seconds to the next try; null: somebody must look.
	 * @param int        $now   Seconds since 1970.
	 * @param string     $text  The same in the words of the shop.
	 */
	public function fail( \Throwable $error, ?int $pause, int $now, string $text = '' ): void {
		if ( $this->is_over() ) {
			return;
		}
		$this->clear();
		$this->data['reason'] = RetryPolicy::reason( $error );
		$this->data['error']  = '' !== $text ? $text : ( $error instanceof ApiException ? $error->explain() : $error->getMessage() );
		$this->data['due']    = null === $pause ? 0 : $now + $pause;
		++$this->data['tries'];
		if ( null === $pause && self::PLANNED === $this->data['state'] ) {
			$this->data['state'] = self::REFUSED;
		}
	}

	/**
	 * The gateway was asked, and this is what it said.
	 *
	 * @param Status $status Its answer.
	 */
	public function apply_status( Status $status ): void {
		if ( $this->is_over() || $status->getSeq() < $this->data['seq'] ) {
			return;
		}
		$this->data['page'] = '' !== $status->getReceiptUrl() ? $status->getReceiptUrl() : $this->data['page'];
		$this->data['seq']  = $status->getSeq();
		$this->settle( $status->getState(), $status->getError(), $status->getAdvice(), $status->getMark() );
	}

	/**
	 * The gateway told a result. Nothing in it is believed but state, words and mark.
	 *
	 * @param Outcome $outcome The result.
	 * @return bool Whether it is a result of this operation, in its present try.
	 */
	public function apply_outcome( Outcome $outcome ): bool {
		if ( (string) $outcome->getNumber() !== $this->data['number'] || ! $this->has_receipt() && ! $this->is_over() ) {
			return false;
		}
		if ( '' !== $this->data['id'] && '' !== $outcome->getId() && $outcome->getId() !== $this->data['id'] ) {
			return false;
		}
		if ( $outcome->getSeq() < $this->data['seq'] || self::DONE === $this->data['state'] ) {
			return true; // Known, and newer.
		}
		$this->data['id'] = '' !== $outcome->getId() ? $outcome->getId() : $this->data['id'];
		$this->settle( $outcome->getState(), $outcome->getError(), $outcome->getAdvice(), $outcome->getMark() );
		return true;
	}

	/**
	 * Remembers a callback, so that it is known when it comes again.
	 *
	 * @param string $webhook_id Its id.
	 * @param int    $seq        Its number.
	 */
	public function remember( string $webhook_id, int $seq ): void {
		$this->data['seen'] = array_slice( array_merge( $this->data['seen'], array( $webhook_id ) ), -self::SEEN );
		$this->data['seq']  = max( $this->data['seq'], $seq );
	}

	/** The gateway was asked once more. */
	public function count_poll(): void {
		++$this->data['polls'];
	}

	/** Whether the owner may have it made again, or posted again. */
	public function may_retry(): bool {
		return in_array( $this->data['state'], array( self::PLANNED, self::FAILED, self::CANCELLED, self::REFUSED, self::TESTED, self::FREE ), true );
	}

	/** Whether a retry makes a new receipt; else what was fixed is posted again, for it may have arrived. */
	public function retry_is_new(): bool {
		return ! $this->has_receipt() || $this->is_surely_not_printed()
			|| in_array( $this->data['reason'], array( RetryPolicy::RECEIPT, RetryPolicy::SETTINGS ), true )
			|| in_array( $this->data['state'], array( self::TESTED, self::FREE ), true );
	}

	/** Whether the gateway has said that nothing was printed and nothing will be. */
	public function is_surely_not_printed(): bool {
		return State::isSurelyNotPrinted( $this->data['state'] );
	}

	/**
	 * Starts again, under another number where the gateway has used this one up.
	 *
	 * @param int $now Seconds since 1970.
	 */
	public function restart( int $now ): void {
		$fresh = array_intersect_key( self::EMPTY, array_flip( array( 'state', 'gateway', 'reason', 'error', 'advice', 'due', 'tries', 'polls' ) ) );
		if ( $this->is_surely_not_printed() ) {
			$this->data['number'] = (string) $this->number()->nextTry();
			$fresh               += array_intersect_key( self::EMPTY, array_flip( array( 'id', 'page', 'mark', 'seq' ) ) );
		}
		if ( $this->retry_is_new() ) {
			$fresh += array(
				'submission' => null,
				'created'    => $now,
			);
		}
		$this->data = array_merge( $this->data, $fresh );
	}

	/** Whether the gateway has said its last word. */
	private function is_over(): bool {
		return State::isFinal( $this->data['state'] );
	}

	/** Forgets what was wrong. */
	private function clear(): void {
		$this->data['reason'] = '';
		$this->data['error']  = '';
		$this->data['advice'] = '';
		$this->data['due']    = 0;
	}

	/**
	 * Takes a state of the gateway.
	 *
	 * @param string          $state  One of State, or one that a newer gateway has.
	 * @param string          $error  Why not.
	 * @param string          $advice What to do.
	 * @param FiscalMark|null $mark   Of the printed receipt.
	 */
	private function settle( string $state, string $error, string $advice, ?FiscalMark $mark ): void {
		$this->clear();
		$this->data['gateway'] = $state;
		$this->data['state']   = State::isFinal( $state ) ? $state : self::SENT;
		$this->data['error']   = $error;
		$this->data['advice']  = $advice;
		$this->data['mark']    = null === $mark ? $this->data['mark'] : $mark->toArray();
		if ( State::DONE === $state ) {
			$this->data['submission'] = null; // It holds the buyer's contact, and is needed no more.
		}
	}
}
