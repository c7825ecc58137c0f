<?php
/**
 * The entry in Tools, Site Health.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Says whether receipts are made, and where somebody must look.
 */
final class Site_Health {

	/** Seconds after which a receipt that waits is a sign that the shop's scheduled tasks stand still. */
	private const LATE = 7200;

	private Settings $settings;
	private Operations $operations;

	/**
	 * Looks at these.
	 *
	 * @param Settings   $settings   Settings.
	 * @param Operations $operations Where operations are kept.
	 */
	public function __construct( Settings $settings, Operations $operations ) {
		$this->settings   = $settings;
		$this->operations = $operations;
	}

	/** Listens. */
	public function register(): void {
		add_filter( 'site_status_tests', array( $this, 'add_test' ) );
		add_filter( 'debug_information', array( $this, 'add_information' ) );
	}

	/**
	 * Adds the test.
	 *
	 * @param mixed $tests Tests.
	 * @return array<string, array<string, mixed>>
	 */
	public function add_test( $tests ): array {
		$tests                         = (array) $tests;
		$tests['direct']['fiscalgate'] = array(
			'label' => __( 'Fiscal receipts', 'fiscalgate-for-woocommerce' ),
			'test'  => array( $this, 'test' ),
		);
		return $tests;
	}

	/**
	 * Looks.
	 *
	 * @return array<string, mixed>
	 */
	public function test(): array {
		if ( ! $this->settings->is_complete() ) {
			return $this->result( 'recommended', __( 'Fiscalgate is not set up yet', 'fiscalgate-for-woocommerce' ), __( 'Orders get no receipts until address, account, register token and integrity code are entered.', 'fiscalgate-for-woocommerce' ) );
		}
		$bad = Sweeper::orders( Order_Store::ATTENTION );
		if ( array() !== $bad ) {
			/* translators: %s: numbers of orders */
			return $this->result( 'critical', __( 'Some orders have no receipt', 'fiscalgate-for-woocommerce' ), sprintf( __( 'Look at the orders %s: each says what is wrong.', 'fiscalgate-for-woocommerce' ), implode( ', ', array_slice( $bad, 0, 20 ) ) ) );
		}
		if ( $this->is_late() ) {
			return $this->result( 'critical', __( 'Receipts wait for too long', 'fiscalgate-for-woocommerce' ), __( 'Either the gateway cannot be reached, or the scheduled tasks of the shop do not run: look at WooCommerce, Status, Scheduled Actions.', 'fiscalgate-for-woocommerce' ) );
		}
		if ( $this->settings->is( 'test_mode' ) ) {
			return $this->result( 'recommended', __( 'Fiscalgate is in test mode', 'fiscalgate-for-woocommerce' ), __( 'Receipts are checked, and none is printed.', 'fiscalgate-for-woocommerce' ) );
		}
		return $this->result( 'good', __( 'Fiscal receipts are made', 'fiscalgate-for-woocommerce' ), __( 'No order waits for its receipt for long, and none was refused.', 'fiscalgate-for-woocommerce' ) );
	}

	/** Whether a receipt waits for long. */
	private function is_late(): bool {
		foreach ( array_slice( Sweeper::orders( Order_Store::OPEN ), 0, 5 ) as $order ) {
			foreach ( $this->operations->all( $order ) as $operation ) {
				if ( $operation->is_open() && $operation->created() < time() - self::LATE ) {
					return true;
				}
			}
		}
		return false;
	}

	/**
	 * A result in the words of WordPress.
	 *
	 * @param string $status      "good", "recommended" or "critical".
	 * @param string $label       Headline.
	 * @param string $description Text.
	 * @return array<string, mixed>
	 */
	private function result( string $status, string $label, string $description ): array {
		return array(
			'label'       => $label,
			'status'      => $status,
			'badge'       => array(
				'label' => __( 'Fiscalgate', 'fiscalgate-for-woocommerce' ),
				'color' => 'good' === $status ? 'green' : 'red',
			),
			'description' => '<p>' . esc_html( $description ) . '</p>',
			'actions'     => sprintf( '<p><a href="%s">%s</a></p>', esc_url( Settings_Page::url() ), esc_html__( 'Settings of Fiscalgate', 'fiscalgate-for-woocommerce' ) ),
			'test'        => 'fiscalgate',
		);
	}

	/**
	 * What support wants to know; no secrets.
	 *
	 * @param mixed $info Sections.
	 * @return array<string, mixed>
	 */
	public function add_information( $info ): array {
		$fields = array();
		$values = array(
			'version'   => Plugin::VERSION,
			'gateway'   => $this->settings->text( 'gateway' ),
			'account'   => $this->settings->text( 'account' ),
			'taxation'  => (string) $this->settings->taxation(),
			'test_mode' => $this->settings->is( 'test_mode' ) ? 'yes' : 'no',
			'callback'  => Callback_Route::url(),
		);
		foreach ( $values as $name => $value ) {
			$fields[ $name ] = array(
				'label' => $name,
				'value' => $value,
			);
		}
		return array_merge(
			(array) $info,
			array(
				'fiscalgate' => array(
					'label'  => 'Fiscalgate',
					'fields' => $fields,
				),
			)
		);
	}
}
