<?php
/**
 * What the owner of the shop has set up.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\FfdVersion;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\TaxSystem;

/**
 * Settings as they are stored, with a default for each that is missing or of another type. Never changes.
 */
final class Settings {

	public const OPTION   = 'fiscalgate_settings';
	public const AUTO     = 'auto';
	public const STANDARD = 'standard';
	public const DISCOUNT = 'discount';
	public const ADVANCE  = 'advance';

	private const TEXTS = array(
		'gateway'        => '',
		'account'        => '',
		'token'          => '',
		'code'           => '',
		'previous_code'  => '',
		'previous_until' => '',
		'prefix'         => '',
		'ffd'            => FfdVersion::V1_2,
		'taxation'       => '',
		'vat_delivery'   => self::AUTO,
		'subject'        => '',
		'after'          => '',
		'gift'           => self::DISCOUNT,
		'fallback_email' => '',
	);

	private const SWITCHES = array(
		'on_payment'  => true,
		'prepayment'  => false,
		'internet'    => true,
		'test_mode'   => false,
		'debug'       => false,
		'delete_data' => false,
	);

	private const LISTS = array(
		'methods'         => array(),
		'cash_methods'    => array( 'cod' ),
		'statuses'        => array( 'processing', 'completed' ),
		'settle_statuses' => array( 'completed' ),
	);

	/**
	 * Values by name.
	 *
	 * @var array<string, mixed>
	 */
	private array $values;

	/**
	 * Takes whatever is stored.
	 *
	 * @param mixed $stored Value of the option.
	 */
	public function __construct( $stored ) {
		$stored = is_array( $stored ) ? $stored : array();
		foreach ( self::TEXTS as $name => $default ) {
			$value                 = $stored[ $name ] ?? null;
			$this->values[ $name ] = is_string( $value ) || is_int( $value ) ? (string) $value : $default;
		}
		foreach ( self::SWITCHES as $name => $default ) {
			$this->values[ $name ] = isset( $stored[ $name ] ) ? 'yes' === $stored[ $name ] : $default;
		}
		foreach ( self::LISTS as $name => $default ) {
			$value                 = $stored[ $name ] ?? $default;
			$this->values[ $name ] = is_array( $value ) ? array_values( array_filter( $value, 'is_string' ) ) : $default;
		}
		$this->values['vat'] = array_filter( is_array( $stored['vat'] ?? null ) ? $stored['vat'] : array(), 'is_scalar' );
	}

	/**
	 * Names of all settings of a kind, for the page that changes them.
	 *
	 * @return array{texts: string[], switches: string[], lists: string[]}
	 */
	public static function names(): array {
		return array(
			'texts'    => array_keys( self::TEXTS ),
			'switches' => array_keys( self::SWITCHES ),
			'lists'    => array_keys( self::LISTS ),
		);
	}

	/**
	 * A text.
	 *
	 * @param string $name One of TEXTS.
	 */
	public function text( string $name ): string {
		return $this->values[ $name ];
	}

	/**
	 * A switch.
	 *
	 * @param string $name One of SWITCHES.
	 */
	public function is( string $name ): bool {
		return $this->values[ $name ];
	}

	/**
	 * A list of words.
	 *
	 * @param string $name One of LISTS.
	 * @return string[]
	 */
	public function words( string $name ): array {
		return $this->values[ $name ];
	}

	/** Regime of taxation, one of TaxSystem. */
	public function taxation(): int {
		$value = (int) $this->values['taxation'];
		return in_array( $value, TaxSystem::ALL, true ) ? $value : TaxSystem::GENERAL;
	}

	/** What goods are unless their product says otherwise, one of PaymentSubject. */
	public function subject(): int {
		$value = (int) $this->values['subject'];
		return in_array( $value, PaymentSubject::ALL, true ) ? $value : PaymentSubject::GOODS;
	}

	/**
	 * VAT of a tax class: a number of Vat, or AUTO.
	 *
	 * @param string $tax_class As WooCommerce has it: "" is the standard one.
	 */
	public function vat( string $tax_class ): string {
		return (string) ( $this->values['vat'][ '' === $tax_class ? self::STANDARD : $tax_class ] ?? self::AUTO );
	}

	/** Whether account, token, code and address are there. */
	public function is_complete(): bool {
		return ! in_array( '', array( $this->values['gateway'], $this->values['account'], $this->values['token'], $this->values['code'] ), true );
	}

	/**
	 * Who the shop is for the gateway.
	 *
	 * @param string $callback_url Where results come to.
	 * @throws \Fiscalgate\Sdk\Exception\ValidationException Where something is missing or cannot be.
	 */
	public function account( string $callback_url ): Account {
		$account = new Account( $this->values['gateway'], $this->values['account'], $this->values['token'], $this->values['code'] );
		$account = in_array( $this->values['ffd'], FfdVersion::ALL, true ) ? $account->withFfdVersion( $this->values['ffd'] ) : $account;
		return '' === $callback_url ? $account : $account->withCallback( $callback_url );
	}

	/**
	 * Integrity codes that callbacks may be signed with: the present one, and for a day the one before.
	 *
	 * @param int $now Seconds since 1970.
	 * @return string[]
	 */
	public function codes( int $now ): array {
		$before = $now < (int) $this->values['previous_until'] ? $this->values['previous_code'] : '';
		return array_values( array_filter( array( $this->values['code'], $before ), 'strlen' ) );
	}

	/**
	 * First second of the day from which orders count; 0 if all do.
	 *
	 * @param \DateTimeZone $zone Of the shop.
	 */
	public function since( \DateTimeZone $zone ): int {
		$day = \DateTimeImmutable::createFromFormat( '!Y-m-d', $this->values['after'], $zone );
		return false === $day ? 0 : $day->getTimestamp();
	}
}
