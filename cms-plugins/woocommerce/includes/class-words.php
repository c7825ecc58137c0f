<?php
/**
 * What people read.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\Exception\TotalMismatchException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\RetryPolicy;
use Fiscalgate\Sdk\State;
use Fiscalgate\Sdk\TaxSystem;
use Fiscalgate\Sdk\Vat;

/**
 * Names of states, reasons and choices in the language of who looks.
 */
final class Words {

	/**
	 * What an operation is.
	 *
	 * @param Operation $operation Operation.
	 */
	public static function operation( Operation $operation ): string {
		if ( $operation->is_refund() ) {
			/* translators: %s: which refund of the order, 1 and up */
			return sprintf( __( 'Refund %s', 'fiscalgate-for-woocommerce' ), $operation->number()->getRefund() );
		}
		if ( Operation::SETTLEMENT === $operation->key() ) {
			return __( 'Final settlement', 'fiscalgate-for-woocommerce' );
		}
		return $operation->prepaid() > 0 ? __( 'Prepayment', 'fiscalgate-for-woocommerce' ) : __( 'Sale', 'fiscalgate-for-woocommerce' );
	}

	/**
	 * Where an operation is.
	 *
	 * @param Operation $operation Operation.
	 */
	public static function state( Operation $operation ): string {
		if ( State::UNKNOWN === $operation->gateway_state() && $operation->is_open() ) {
			return __( 'Nobody knows whether it was printed', 'fiscalgate-for-woocommerce' );
		}
		$names = array(
			Operation::PLANNED   => __( 'Waits to be sent', 'fiscalgate-for-woocommerce' ),
			Operation::SENT      => __( 'Is being made', 'fiscalgate-for-woocommerce' ),
			Operation::DONE      => __( 'Printed', 'fiscalgate-for-woocommerce' ),
			Operation::FAILED    => __( 'Not printed', 'fiscalgate-for-woocommerce' ),
			Operation::CANCELLED => __( 'Cancelled', 'fiscalgate-for-woocommerce' ),
			Operation::REFUSED   => __( 'Not sent', 'fiscalgate-for-woocommerce' ),
			Operation::TESTED    => __( 'Checked, not printed (test mode)', 'fiscalgate-for-woocommerce' ),
			Operation::FREE      => __( 'No receipt: nothing was paid', 'fiscalgate-for-woocommerce' ),
		);
		return $names[ $operation->state() ] ?? $operation->state();
	}

	/**
	 * Why it is there, and what helps.
	 *
	 * @param Operation $operation Operation.
	 */
	public static function explanation( Operation $operation ): string {
		if ( State::UNKNOWN === $operation->gateway_state() && $operation->is_open() ) {
			return __( 'The cash register did not say whether it has printed the receipt. The operator of the gateway has to look at its tape. No second receipt is made until then.', 'fiscalgate-for-woocommerce' );
		}
		$texts = array(
			RetryPolicy::LATER     => $operation->is_open()
				? __( 'The gateway cannot be reached or is busy. The receipt is sent again by itself.', 'fiscalgate-for-woocommerce' )
				: __( 'The gateway could not be reached for three days. When it is there again, press the button.', 'fiscalgate-for-woocommerce' ),
			RetryPolicy::SETTINGS  => __( 'The gateway does not accept this shop. Look at its address, account, register token and integrity code in the settings; what waits is sent again after they are saved.', 'fiscalgate-for-woocommerce' ),
			RetryPolicy::RECEIPT   => __( 'The receipt cannot be made of this order as it is. Mend the order or the settings, then press the button.', 'fiscalgate-for-woocommerce' ),
			RetryPolicy::CONFLICT  => __( 'The gateway has had a receipt with this number and another content. It is not printed a second time; ask the operator of the gateway what became of it.', 'fiscalgate-for-woocommerce' ),
			Operation::AFTER_SALE  => __( 'Waits until the receipt of the sale is printed.', 'fiscalgate-for-woocommerce' ),
			Operation::STALLED     => __( 'The gateway has not finished this receipt for days. Ask its operator.', 'fiscalgate-for-woocommerce' ),
		);
		return $texts[ $operation->reason() ] ?? $operation->advice();
	}

	/**
	 * Why a receipt could not be made.
	 *
	 * @param FiscalgateException $error What the maker of receipts says.
	 */
	public static function fault( FiscalgateException $error ): string {
		if ( $error instanceof TotalMismatchException ) {
			/* translators: 1: sum of the lines, 2: sum of the order */
			return sprintf( __( 'The lines of the order make %1$s, and %2$s were paid.', 'fiscalgate-for-woocommerce' ), self::roubles( $error->getLinesSum() ), self::roubles( $error->getOrderTotal() ) );
		}
		$field = $error instanceof ValidationException ? $error->getField() : '';
		$texts = array(
			'currency' => __( 'Receipts are made in roubles, and the order is not.', 'fiscalgate-for-woocommerce' ),
			'customer' => __( 'The order has neither an e-mail address nor a phone number.', 'fiscalgate-for-woocommerce' ),
			'discount' => __( 'The discounts of the order are more than its lines cost.', 'fiscalgate-for-woocommerce' ),
			'refund'   => __( 'The refund was deleted.', 'fiscalgate-for-woocommerce' ),
			'vat'      => __( 'The shop charged a tax that no receipt knows. Choose the VAT of the tax class in the settings.', 'fiscalgate-for-woocommerce' ),
		);
		return isset( $texts[ $field ] ) ? $texts[ $field ] . ' (' . $error->getMessage() . ')' : $error->getMessage();
	}

	/**
	 * Why an order gets no receipt by itself.
	 *
	 * @param string $obstacle What Triggers::obstacle gives.
	 */
	public static function obstacle( string $obstacle ): string {
		$texts = array(
			Triggers::INCOMPLETE => __( 'Fiscalgate is not set up yet.', 'fiscalgate-for-woocommerce' ),
			Triggers::TOO_EARLY  => __( 'The order is older than the day from which orders get receipts.', 'fiscalgate-for-woocommerce' ),
			Triggers::CURRENCY   => __( 'Receipts are made in roubles, and the order is not.', 'fiscalgate-for-woocommerce' ),
			Triggers::METHOD     => __( 'Its way of payment is not among those that get receipts.', 'fiscalgate-for-woocommerce' ),
		);
		return $texts[ $obstacle ] ?? __( 'There was no payment, and no status that makes a receipt.', 'fiscalgate-for-woocommerce' );
	}

	/**
	 * Kopecks for people.
	 *
	 * @param int $kopecks Sum.
	 */
	public static function roubles( int $kopecks ): string {
		return number_format_i18n( $kopecks / 100, 2 ) . ' ₽';
	}

	/**
	 * Regimes of taxation.
	 *
	 * @return array<int, string>
	 */
	public static function tax_systems(): array {
		return array(
			TaxSystem::GENERAL                         => __( 'General (OSN)', 'fiscalgate-for-woocommerce' ),
			TaxSystem::SIMPLIFIED_INCOME               => __( 'Simplified, income (USN)', 'fiscalgate-for-woocommerce' ),
			TaxSystem::SIMPLIFIED_INCOME_MINUS_EXPENSE => __( 'Simplified, income minus expenses (USN)', 'fiscalgate-for-woocommerce' ),
			TaxSystem::AGRICULTURAL                    => __( 'Agricultural (ESHN)', 'fiscalgate-for-woocommerce' ),
			TaxSystem::PATENT                          => __( 'Patent (PSN)', 'fiscalgate-for-woocommerce' ),
		);
	}

	/**
	 * Rates of VAT that goods may have.
	 *
	 * @return array<int|string, string>
	 */
	public static function rates(): array {
		return array(
			Settings::AUTO => __( 'As the tax that the shop charged', 'fiscalgate-for-woocommerce' ),
			Vat::NONE      => __( 'Without VAT', 'fiscalgate-for-woocommerce' ),
			Vat::RATE_0    => '0 %',
			Vat::RATE_5    => '5 %',
			Vat::RATE_7    => '7 %',
			Vat::RATE_10   => '10 %',
			Vat::RATE_20   => '20 %',
			Vat::RATE_22   => '22 %',
		);
	}

	/**
	 * What may be sold without marking codes.
	 *
	 * @return array<int, string>
	 */
	public static function subjects(): array {
		return array(
			PaymentSubject::GOODS           => __( 'Goods', 'fiscalgate-for-woocommerce' ),
			PaymentSubject::EXCISABLE_GOODS => __( 'Excisable goods', 'fiscalgate-for-woocommerce' ),
			PaymentSubject::WORK            => __( 'Work', 'fiscalgate-for-woocommerce' ),
			PaymentSubject::SERVICE         => __( 'Service', 'fiscalgate-for-woocommerce' ),
			PaymentSubject::INTELLECTUAL    => __( 'Intellectual property', 'fiscalgate-for-woocommerce' ),
			PaymentSubject::PAYMENT         => __( 'Payment', 'fiscalgate-for-woocommerce' ),
			PaymentSubject::AGENT_FEE       => __( 'Agent\'s fee', 'fiscalgate-for-woocommerce' ),
			PaymentSubject::PROPERTY_RIGHT  => __( 'Property right', 'fiscalgate-for-woocommerce' ),
			PaymentSubject::DEPOSIT         => __( 'Deposit', 'fiscalgate-for-woocommerce' ),
			PaymentSubject::OTHER           => __( 'Something else', 'fiscalgate-for-woocommerce' ),
		);
	}

	/**
	 * How far goods may be settled.
	 *
	 * @return array<int, string>
	 */
	public static function methods(): array {
		return array(
			PaymentMethod::FULL_PREPAYMENT => __( 'Prepayment of 100 %', 'fiscalgate-for-woocommerce' ),
			PaymentMethod::PREPAYMENT      => __( 'Partial prepayment', 'fiscalgate-for-woocommerce' ),
			PaymentMethod::ADVANCE         => __( 'Advance', 'fiscalgate-for-woocommerce' ),
			PaymentMethod::FULL            => __( 'Full settlement', 'fiscalgate-for-woocommerce' ),
		);
	}
}
