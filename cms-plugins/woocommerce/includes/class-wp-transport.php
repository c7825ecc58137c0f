<?php
/**
 * The SDK's requests over the HTTP of WordPress.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Http\Request;
use Fiscalgate\Sdk\Http\Response;
use Fiscalgate\Sdk\Http\TransportInterface;

/**
 * Goes through the proxy the shop is set up with. Certificates are verified whatever other plugins say.
 */
final class Wp_Transport implements TransportInterface {

	/**
	 * Sends one request, once.
	 *
	 * @param Request $request Request.
	 * @throws TransportException Where there is no whole answer.
	 */
	public function send( Request $request ): Response {
		add_filter( 'https_ssl_verify', '__return_true', PHP_INT_MAX );
		try {
			$answer = wp_remote_request( $request->getUrl(), $this->arguments( $request ) );
		} finally {
			remove_filter( 'https_ssl_verify', '__return_true', PHP_INT_MAX );
		}
		if ( is_wp_error( $answer ) ) {
			throw new TransportException( 'no answer: ' . $answer->get_error_message() );
		}
		$body = wp_remote_retrieve_body( $answer );
		if ( strlen( $body ) > Response::MAX_BYTES ) {
			throw new TransportException( 'no answer: it is too long' );
		}
		$headers = wp_remote_retrieve_headers( $answer );
		$headers = is_array( $headers ) ? $headers : $headers->getAll();
		return new Response( (int) wp_remote_retrieve_response_code( $answer ), $body, array_map( array( self::class, 'first' ), $headers ) );
	}

	/**
	 * A request in the words of WordPress.
	 *
	 * @param Request $request Request.
	 * @return array<string, mixed>
	 */
	private function arguments( Request $request ): array {
		$headers = $request->getHeaders();
		$agent   = $headers['User-Agent'] ?? 'Fiscalgate';
		unset( $headers['User-Agent'] );
		return array(
			'method'              => $request->getMethod(),
			'headers'             => $headers,
			'body'                => 'POST' === $request->getMethod() ? $request->getBody() : null,
			'timeout'             => $request->getTotalSeconds(),
			'redirection'         => 0,
			'httpversion'         => '1.1',
			'sslverify'           => true,
			'user-agent'          => $agent,
			'limit_response_size' => Response::MAX_BYTES + 1,
		);
	}

	/**
	 * One value of a header that came several times.
	 *
	 * @param string|string[] $value Value, or values.
	 */
	private static function first( $value ): string {
		return (string) ( is_array( $value ) ? reset( $value ) : $value );
	}
}
