<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Bitrix\Main\Event;
use Bitrix\Main\EventResult;
use Bitrix\Sale\Order;
use Bitrix\Sale\Payment;

/**
 * What the core calls. Nothing that goes wrong here may reach a buyer: an order is saved whatever becomes of its receipt.
 */
final class Handlers
{
    /** sale/OnGetCustomCashboxHandlers */
    public static function onGetCustomCashboxHandlers(): EventResult
    {
        $path = (strpos(__DIR__, '/local/') !== false ? '/local' : '/bitrix') . '/modules/fiscalgate.cashbox/lib/cashboxfiscalgate.php';
        return new EventResult(EventResult::SUCCESS, ['\\' . CashboxFiscalgate::class => $path]);
    }

    /** sale/OnSaleOrderPaid */
    public static function onOrderPaid(Event $event): void
    {
        self::safely(static function (EventTrack $track) use ($event): void {
            $order = $event->getParameter('ENTITY');
            if ($order instanceof Order) {
                $track->onPaid($order);
            }
        });
    }

    /** sale/OnSaleStatusOrderChange */
    public static function onStatusChange(Event $event): void
    {
        self::safely(static function (EventTrack $track) use ($event): void {
            $order = $event->getParameter('ENTITY');
            if ($order instanceof Order) {
                $track->onStatus($order, (string) $order->getField('STATUS_ID'));
            }
        });
    }

    /** sale/OnSalePaymentEntitySaved */
    public static function onPaymentSaved(Event $event): void
    {
        self::safely(static function (EventTrack $track) use ($event): void {
            $payment = $event->getParameter('ENTITY');
            $order = $payment instanceof Payment ? $payment->getOrder() : null;
            if ($order instanceof Order) {
                $track->onPayment($order, $payment);
            }
        });
    }

    private static function safely(callable $act): void
    {
        try {
            $services = new Services();
            if ($services->settings()->isTrack(Settings::TRACK_EVENTS)) {
                $act($services->eventTrack());
            }
        } catch (\Throwable $e) {
            Services::logger()('error', 'A receipt could not be kept', ['error' => $e->getMessage()]);
        }
    }
}
