<?php
/**
 * The page for the settings.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\Vat;

/**
 * WooCommerce, Fiscalgate: fields by the Settings API of WordPress, and a button that asks the gateway.
 */
final class Settings_Page {

	public const SLUG  = 'fiscalgate';
	public const CHECK = 'fiscalgate_check';
	public const RIGHT = 'manage_woocommerce';

	private Settings $settings;
	/**
	 * Gives a Client.
	 *
	 * @var callable(): \Fiscalgate\Sdk\Client
	 */
	private $client;
	private string $plugin;

	/**
	 * Shows these settings.
	 *
	 * @param Settings $settings Settings.
	 * @param callable $client   (): Client.
	 * @param string   $plugin   Name of the plugin's file, for the link in the list of plugins.
	 */
	public function __construct( Settings $settings, callable $client, string $plugin ) {
		$this->settings = $settings;
		$this->client   = $client;
		$this->plugin   = $plugin;
	}

	/** Listens. */
	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add' ), 60 );
		add_action( 'admin_init', array( $this, 'add_fields' ) );
		add_filter( 'option_page_capability_' . self::SLUG, array( self::class, 'right' ) );
		add_action( 'admin_post_' . self::CHECK, array( $this, 'check' ) );
		add_filter( 'plugin_action_links_' . $this->plugin, array( $this, 'add_link' ) );
	}

	/** Who may change settings. */
	public static function right(): string {
		return self::RIGHT;
	}

	/** Its address. */
	public static function url(): string {
		return admin_url( 'admin.php?page=' . self::SLUG );
	}

	/**
	 * A link in the list of plugins.
	 *
	 * @param mixed $links Links.
	 * @return array<array-key, string>
	 */
	public function add_link( $links ): array {
		$link = sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'fiscalgate-for-woocommerce' ) );
		return array_merge( array( $link ), (array) $links );
	}

	/** The page in the menu. */
	public function add(): void {
		add_submenu_page( 'woocommerce', __( 'Fiscalgate: receipts', 'fiscalgate-for-woocommerce' ), __( 'Fiscalgate', 'fiscalgate-for-woocommerce' ), self::RIGHT, self::SLUG, array( $this, 'show' ) );
	}

	/** The fields, for the page and for what is posted from it. */
	public function add_fields(): void {
		register_setting(
			self::SLUG,
			Settings::OPTION,
			array(
				'type'              => 'array',
				'sanitize_callback' => array( $this, 'sanitize' ),
			)
		);
		if ( ! current_user_can( self::RIGHT ) || ! $this->is_here() ) {
			return;
		}
		foreach ( Settings_Form::sections() as $section => list( $title, $fields ) ) {
			add_settings_section( $section, $title, '__return_false', self::SLUG );
			foreach ( $fields as $name => $field ) {
				$id = 'fiscalgate-' . sanitize_title( $name );
				add_settings_field(
					$id,
					$field[1],
					array( $this, 'show_field' ),
					self::SLUG,
					$section,
					array(
						'id'        => $id,
						'name'      => $name,
						'field'     => $field,
						'label_for' => $id,
					)
				);
			}
		}
	}

	/** Whether this is the page. */
	private function is_here(): bool {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- only which page is looked at.
		return isset( $_GET['page'] ) && self::SLUG === $_GET['page'];
	}

	/**
	 * What is stored of what was posted. WordPress has checked form and right.
	 *
	 * @param mixed $posted Values by name.
	 * @return array<string, mixed>
	 */
	public function sanitize( $posted ): array {
		return Settings_Form::accept(
			$posted,
			get_option( Settings::OPTION ),
			static function ( string $name, string $text ): void {
				add_settings_error( self::SLUG, 'fiscalgate-' . $name, $text );
			}
		);
	}

	/** Shows the page. */
	public function show(): void {
		if ( ! current_user_can( self::RIGHT ) ) {
			return;
		}
		printf( '<div class="wrap fiscalgate-settings"><h1>%s</h1>', esc_html__( 'Fiscalgate: receipts', 'fiscalgate-for-woocommerce' ) );
		settings_errors();
		$this->show_check();
		printf( '<form method="post" action="%s">', esc_url( admin_url( 'options.php' ) ) );
		settings_fields( self::SLUG );
		do_settings_sections( self::SLUG );
		submit_button();
		/* translators: %s: address */
		printf( '</form><p class="description">%s</p></div>', wp_kses( sprintf( __( 'The gateway tells results to %s.', 'fiscalgate-for-woocommerce' ), '<code>' . esc_html( Callback_Route::url() ) . '</code>' ), array( 'code' => array() ) ) );
	}

	/** The button that asks the gateway, and what it said last. */
	private function show_check(): void {
		$key    = 'fiscalgate_check_' . get_current_user_id();
		$result = get_transient( $key );
		if ( is_array( $result ) ) {
			delete_transient( $key );
			$kind = 'ok' === $result[0] ? 'success' : 'error';
			printf( '<div class="notice notice-%s inline"><p>%s</p></div>', esc_attr( $kind ), nl2br( esc_html( (string) $result[1] ) ) );
		}
		printf( '<form method="post" action="%s"><input type="hidden" name="action" value="%s">', esc_url( admin_url( 'admin-post.php' ) ), esc_attr( self::CHECK ) );
		wp_nonce_field( self::CHECK );
		printf( '<p><button type="submit" class="button" id="fiscalgate-check">%s</button> %s</p></form>', esc_html__( 'Check the connection', 'fiscalgate-for-woocommerce' ), esc_html__( 'With the saved settings; nothing is printed.', 'fiscalgate-for-woocommerce' ) );
	}

	/** Asks the gateway. */
	public function check(): void {
		check_admin_referer( self::CHECK );
		if ( ! current_user_can( self::RIGHT ) ) {
			wp_die( esc_html__( 'You may not do that.', 'fiscalgate-for-woocommerce' ), '', array( 'response' => 403 ) );
		}
		set_transient( 'fiscalgate_check_' . get_current_user_id(), $this->checked(), MINUTE_IN_SECONDS );
		wp_safe_redirect( self::url() );
		exit;
	}

	/**
	 * What the gateway says.
	 *
	 * @return array{string, string} "ok" or "bad", and words.
	 */
	public function checked(): array {
		try {
			$report = ( $this->client )()->checkConnection( $this->settings->taxation(), Vat::NONE );
		} catch ( ApiException $e ) {
			return array( 'bad', __( 'The gateway refuses:', 'fiscalgate-for-woocommerce' ) . ' ' . $e->explain() );
		} catch ( FiscalgateException $e ) {
			return array( 'bad', __( 'It does not work:', 'fiscalgate-for-woocommerce' ) . ' ' . $e->getMessage() );
		}
		$lines = array( __( 'The gateway accepts receipts of this shop.', 'fiscalgate-for-woocommerce' ) );
		foreach ( $report->getWarnings() as $warning ) {
			$lines[] = (string) $warning;
		}
		return array( 'ok', implode( "\n", $lines ) );
	}

	/**
	 * Shows a field.
	 *
	 * @param array{id: string, name: string, field: array<int, mixed>} $about What add_fields gave.
	 */
	public function show_field( array $about ): void {
		list( $type, , $meaning ) = $about['field'];
		$choices              = $about['field'][3] ?? array();
		$post                 = Settings::OPTION . ( 1 === preg_match( '/^vat\[(.+)\]$/', $about['name'], $class ) ? '[vat][' . $class[1] . ']' : '[' . $about['name'] . ']' );
		switch ( $type ) {
			case 'secret':
				$this->show_secret( $about['id'], $post, $this->settings->text( $about['name'] ) );
				break;
			case 'switch':
				printf( '<input type="hidden" name="%1$s" value="no"><input type="checkbox" id="%2$s" name="%1$s" value="yes" %3$s>', esc_attr( $post ), esc_attr( $about['id'] ), checked( $this->settings->is( $about['name'] ), true, false ) );
				break;
			case 'list':
				$this->show_list( $post, $choices, $this->settings->words( $about['name'] ) );
				break;
			case 'choice':
				$this->show_choice( $about['id'], $post, $choices, isset( $class[1] ) ? $this->settings->vat( $class[1] ) : $this->value( $about['name'] ) );
				break;
			default:
				$kind = 'date' === $type ? 'date' : 'text';
				printf( '<input type="%s" class="regular-text" id="%s" name="%s" value="%s">', esc_attr( $kind ), esc_attr( $about['id'] ), esc_attr( $post ), esc_attr( $this->settings->text( $about['name'] ) ) );
		}
		if ( '' !== $meaning ) {
			printf( '<p class="description">%s</p>', esc_html( $meaning ) );
		}
	}

	/**
	 * A value, as what stands for it where none is stored.
	 *
	 * @param string $name Name of the setting.
	 */
	private function value( string $name ): string {
		$numbers = array(
			'taxation' => $this->settings->taxation(),
			'subject'  => $this->settings->subject(),
		);
		return (string) ( $numbers[ $name ] ?? $this->settings->text( $name ) );
	}

	/**
	 * A secret is never shown again: empty means that it stays.
	 *
	 * @param string $id    Of the field.
	 * @param string $post  Its name in the form.
	 * @param string $value Secret.
	 */
	private function show_secret( string $id, string $post, string $value ): void {
		/* translators: %s: last characters of a secret */
		$hint = '' === $value ? '' : sprintf( __( 'stored, ends in %s; leave empty to keep it', 'fiscalgate-for-woocommerce' ), strlen( $value ) >= 12 ? substr( $value, -3 ) : '…' );
		printf( '<input type="password" class="regular-text" id="%s" name="%s" value="" autocomplete="new-password" placeholder="%s">', esc_attr( $id ), esc_attr( $post ), esc_attr( $hint ) );
	}

	/**
	 * Several of many.
	 *
	 * @param string                $post    Name in the form.
	 * @param array<string, string> $choices Choices.
	 * @param string[]              $chosen  What is chosen.
	 */
	private function show_list( string $post, array $choices, array $chosen ): void {
		printf( '<input type="hidden" name="%s[]" value=""><fieldset>', esc_attr( $post ) );
		foreach ( $choices + array_combine( $chosen, $chosen ) as $value => $text ) {
			printf( '<label><input type="checkbox" name="%s[]" value="%s" %s> %s</label><br>', esc_attr( $post ), esc_attr( (string) $value ), checked( in_array( (string) $value, $chosen, true ), true, false ), esc_html( $text ) );
		}
		echo '</fieldset>';
	}

	/**
	 * One of many.
	 *
	 * @param string                    $id      Of the field.
	 * @param string                    $post    Its name in the form.
	 * @param array<int|string, string> $choices Choices.
	 * @param string                    $chosen  What is chosen.
	 */
	private function show_choice( string $id, string $post, array $choices, string $chosen ): void {
		printf( '<select id="%s" name="%s">', esc_attr( $id ), esc_attr( $post ) );
		foreach ( $choices as $value => $text ) {
			printf( '<option value="%s" %s>%s</option>', esc_attr( (string) $value ), selected( (string) $value, $chosen, false ), esc_html( $text ) );
		}
		echo '</select>';
	}
}
