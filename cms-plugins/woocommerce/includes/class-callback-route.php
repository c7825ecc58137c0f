<?php
/**
 * Where the gateway tells results.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Callback;
use Fiscalgate\Sdk\CallbackReceiver;
use Fiscalgate\Sdk\Exception\SignatureException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Outcome;

/**
 * POST /wp-json/fiscalgate/v1/callback. 401: not the gateway's. 400: not to be understood. 404: the shop knows no such
 * operation. 200: taken, or a repeat. 500: the gateway comes again.
 */
final class Callback_Route {

	public const SPACE = 'fiscalgate/v1';
	public const PATH  = '/callback';
	private const MAX_BYTES = 1048576;

	private Settings $settings;
	private Operations $operations;
	private Seen_Callbacks $seen;
	/**
	 * Is told of every operation that came to something.
	 *
	 * @var callable(int, Operation): void
	 */
	private $changed;
	/**
	 * The shop's log.
	 *
	 * @var callable
	 */
	private $log;

	/**
	 * Takes results by these settings.
	 *
	 * @param Settings   $settings   Settings.
	 * @param Operations $operations Where operations are kept.
	 * @param callable   $changed    (int $order, Operation $operation): void.
	 * @param callable   $log        (string $level, string $message, array $context): void.
	 */
	public function __construct( Settings $settings, Operations $operations, callable $changed, callable $log ) {
		$this->settings   = $settings;
		$this->operations = $operations;
		$this->seen       = new Seen_Callbacks( $operations );
		$this->changed    = $changed;
		$this->log        = $log;
	}

	/** Where it is. */
	public static function url(): string {
		return rest_url( self::SPACE . self::PATH );
	}

	/** Makes it known to WordPress. */
	public function register(): void {
		register_rest_route(
			self::SPACE,
			self::PATH,
			array(
				'methods'             => 'POST',
				'callback'            => array( $this, 'receive' ),
				'permission_callback' => array( $this, 'is_genuine' ),
			)
		);
	}

	/**
	 * Whether the gateway sent it.
	 *
	 * @param \WP_REST_Request $request Request.
	 * @return true|\WP_Error
	 */
	public function is_genuine( \WP_REST_Request $request ) {
		$refusal = new \WP_Error( 'fiscalgate_signature', 'signature', array( 'status' => 401 ) );
		if ( strlen( $request->get_body() ) > self::MAX_BYTES ) {
			return $refusal;
		}
		try {
			Callback::read( $request->get_headers(), $request->get_body(), time(), ...$this->settings->codes( time() ) );
		} catch ( SignatureException $e ) {
			return $refusal;
		} catch ( ValidationException $e ) {
			return true; // It is genuine; receive() says that it cannot be understood.
		}
		return true;
	}

	/**
	 * Takes a result.
	 *
	 * @param \WP_REST_Request $request Request.
	 */
	public function receive( \WP_REST_Request $request ): \WP_REST_Response {
		$receiver = new CallbackReceiver( $this->settings->codes( time() ), $this->seen, $this->log );
		$answer   = $receiver->receive( $request->get_headers(), $request->get_body(), array( $this, 'apply' ) );
		return new \WP_REST_Response( $answer->getBody(), $answer->getStatus() );
	}

	/**
	 * Stores a result under its operation.
	 *
	 * @param Outcome $outcome Result.
	 * @return bool Whether there is such an operation.
	 */
	public function apply( Outcome $outcome ): bool {
		$number    = $outcome->getNumber();
		$order     = Order_Store::id_of( $number->getOrder() );
		$operation = $this->seen->find( (string) $number );
		if ( null === $operation ) {
			return $this->is_of_earlier_try( $order, $outcome );
		}
		$before  = null;
		$applied = false;
		$result  = $this->operations->change(
			$order,
			$operation->key(),
			static function ( ?Operation $present ) use ( $outcome, &$before, &$applied ): ?Operation {
				$before  = null === $present ? null : $present->state() . $present->gateway_state();
				$applied = null !== $present && $present->apply_outcome( $outcome );
				return $applied ? $present : null;
			},
			Worker::PATIENCE
		);
		if ( null !== $result && $result->state() . $result->gateway_state() !== $before ) {
			( $this->changed )( $order, $result );
		}
		return $applied;
	}

	/**
	 * A late word about a try that was followed by another: known, and no news.
	 *
	 * @param int     $order   Id of the order.
	 * @param Outcome $outcome Result.
	 */
	private function is_of_earlier_try( int $order, Outcome $outcome ): bool {
		foreach ( $this->operations->all( $order ) as $operation ) {
			$number = $operation->number();
			if ( $number->isSameOperation( $outcome->getNumber() ) && $outcome->getNumber()->getTry() < $number->getTry() ) {
				return true;
			}
		}
		return false;
	}
}
