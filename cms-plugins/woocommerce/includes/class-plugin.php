<?php
/**
 * Puts the plugin together.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\RetryPolicy;

/**
 * Makes the parts and has each listen to what it is for. Nothing is static, nothing is global.
 */
final class Plugin {

	public const VERSION = '1.0.0';

	private string $file;
	private Settings $settings;
	private Triggers $triggers;
	private Order_Store $store;
	private Action_Queue $queue;
	private Worker $worker;

	/**
	 * Makes the parts.
	 *
	 * @param string $file The plugin's file.
	 */
	public function __construct( string $file ) {
		$this->file     = $file;
		$this->settings = new Settings( get_option( Settings::OPTION ) );
		$this->triggers = new Triggers( $this->settings, wp_timezone() );
		$this->store    = new Order_Store();
		$this->queue    = new Action_Queue();
		$this->worker   = new Worker(
			$this->store,
			$this->queue,
			array( $this, 'client' ),
			array( $this, 'plan' ),
			array( $this, 'tell' ),
			$this->settings->is( 'test_mode' ),
			new RetryPolicy(),
			'time'
		);
	}

	/** Has all parts listen. */
	public function register(): void {
		$log    = array( $this, 'log' );
		$events = new Shop_Events( $this->triggers, $this->store, $this->queue, $this->worker, $log );
		$events->register();
		add_action( Action_Queue::HOOK, array( $this, 'run' ), 10, 2 );
		add_action( 'rest_api_init', array( new Callback_Route( $this->settings, $this->store, array( $this->worker, 'changed' ), $log ), 'register' ) );
		( new Sweeper( $this->store, $this->queue ) )->register();
		( new Customer_Links() )->register();
		( new Site_Health( $this->settings, $this->store ) )->register();
		( new Order_Actions( $this->store, $this->queue, $events, array( $this, 'plan' ) ) )->register();
		if ( is_admin() ) {
			( new Settings_Page( $this->settings, array( $this, 'client' ), plugin_basename( $this->file ) ) )->register();
			( new Order_Panel( $this->triggers, plugins_url( 'assets/', $this->file ) ) )->register();
			( new Order_List() )->register();
			( new Product_Fields() )->register();
		}
	}

	/**
	 * Work from the queue. Its own errors come back later; only what nobody foresaw is told to Action Scheduler.
	 *
	 * @param mixed $order Id of the order.
	 * @param mixed $key   Key of the operation.
	 */
	public function run( $order, $key ): void {
		try {
			$this->worker->run( (int) $order, (string) $key );
		} catch ( Busy $e ) {
			$this->queue->later( (int) $order, (string) $key, Worker::LEASE );
		} catch ( \Throwable $e ) {
			$this->log(
				'error',
				'An operation could not be worked on',
				array(
					'order' => (int) $order,
					'error' => $e->getMessage(),
				)
			);
			$this->queue->later( (int) $order, (string) $key, HOUR_IN_SECONDS );
			throw $e;
		}
	}

	/** The gateway, as the settings name it. */
	public function client(): Client {
		$language = 0 === strpos( determine_locale(), 'ru' ) ? 'ru' : 'en';
		return new Client( $this->settings->account( Callback_Route::url() ), new Wp_Transport(), array( $this, 'log' ), $language );
	}

	/**
	 * Makes the receipt of an operation.
	 *
	 * @param int            $order   Id of the order.
	 * @param string         $key     Key of the operation.
	 * @param Operation|null $present What is stored, if it is.
	 * @param int            $now     Seconds since 1970.
	 */
	public function plan( int $order, string $key, ?Operation $present, int $now ): ?Operation {
		$object = Order_Store::order( $order );
		if ( null === $object ) {
			return null;
		}
		$maker   = new Receipt_Maker( $this->settings, home_url() );
		$planner = new Planner( $this->settings, new Order_Reader( $this->settings ), $maker, $this->triggers, $this->store, Callback_Route::url() );
		return $planner->plan( $object, $key, $present, $now );
	}

	/**
	 * Notes in the order what an operation came to.
	 *
	 * @param int       $order     Id of the order.
	 * @param Operation $operation Operation.
	 */
	public function tell( int $order, Operation $operation ): void {
		$object = Order_Store::order( $order );
		$mark   = $operation->mark();
		if ( null === $object || ( ! $operation->needs_attention() && null === $mark ) ) {
			return;
		}
		$text = Words::operation( $operation ) . ': ' . Words::state( $operation ) . '.';
		if ( Operation::DONE === $operation->state() && null !== $mark ) {
			/* translators: 1: number of the drive, 2: number of the document, 3: its sign */
			$text .= ' ' . sprintf( __( 'FN %1$s, FD %2$d, FPD %3$s', 'fiscalgate-for-woocommerce' ), $mark->getDrive(), $mark->getDocument(), $mark->getSign() );
		} else {
			$text .= ' ' . $operation->error();
		}
		$object->add_order_note( trim( $text ) );
	}

	/**
	 * The shop's log. The SDK has masked what is secret.
	 *
	 * @param string               $level   As in PSR-3.
	 * @param string               $message What happened.
	 * @param array<string, mixed> $context More of it.
	 */
	public function log( string $level, string $message, array $context = array() ): void {
		if ( 'info' === $level && ! $this->settings->is( 'debug' ) ) {
			return;
		}
		$more = wp_json_encode( array_filter( $context, 'is_scalar' ), JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
		wc_get_logger()->log( $level, $message . ' ' . $more, array( 'source' => 'fiscalgate' ) );
	}
}
