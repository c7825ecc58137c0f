<?php
/**
 * Loads the classes of the plugin.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

spl_autoload_register(
	static function ( string $class ): void {
		if ( 0 !== strpos( $class, 'FiscalgateWoo\\' ) || false !== strpos( $class, '\\Sdk\\' ) ) {
			return;
		}
		$name = strtolower( str_replace( '_', '-', substr( $class, strlen( 'FiscalgateWoo\\' ) ) ) );
		foreach ( array( 'class', 'interface' ) as $kind ) {
			if ( is_file( __DIR__ . "/$kind-$name.php" ) ) {
				require __DIR__ . "/$kind-$name.php";
				return;
			}
		}
	}
);
