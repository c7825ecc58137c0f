<?php
/**
 * Rates of VAT.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Vat;

/**
 * Finds the rate a receipt names, by what the settings say and by the taxes that the shop charged.
 */
final class Rates {

	/**
	 * The rate of a line.
	 *
	 * @param string   $setting  A number of Vat, or Settings::AUTO.
	 * @param string[] $percents Percentages of the taxes that were charged on the line, zero too.
	 * @return int One of Vat.
	 * @throws ValidationException Where the shop charges what no receipt knows.
	 */
	public static function of( string $setting, array $percents ): int {
		if ( in_array( (int) $setting, Vat::ALL, true ) ) {
			return (int) $setting;
		}
		$percents = array_unique( array_map( array( self::class, 'plain' ), $percents ) );
		if ( count( $percents ) > 1 ) {
			$percents = array_diff( $percents, array( '0' ) );
		}
		if ( array() === $percents ) {
			return Vat::NONE;
		}
		$rate = count( $percents ) === 1 ? Vat::fromPercent( (string) reset( $percents ) ) : null;
		if ( null === $rate ) {
			throw new ValidationException( 'vat', 'no receipt has a rate of ' . implode( ' + ', $percents ) . ' %' );
		}
		return $rate;
	}

	/**
	 * "22.0000" as "22".
	 *
	 * @param string $percent As the shop writes it.
	 */
	private static function plain( string $percent ): string {
		$percent = trim( str_replace( array( '%', ',' ), array( '', '.' ), $percent ) );
		return false === strpos( $percent, '.' ) ? $percent : rtrim( rtrim( $percent, '0' ), '.' );
	}

	/**
	 * The rate of goods that were prepaid, now that they are handed over: 22/122 becomes 22 %.
	 *
	 * @param int $rate One of Vat.
	 */
	public static function of_settlement( int $rate ): int {
		foreach ( Vat::ALL as $plain ) {
			if ( $plain !== $rate && Vat::ofPrepayment( $plain ) === $rate ) {
				return $plain;
			}
		}
		return $rate;
	}
}
