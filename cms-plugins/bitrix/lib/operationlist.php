<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Bitrix\Main\Localization\Loc;
use Bitrix\Sale\Order;

Loc::loadMessages(__FILE__);

/**
 * The page of receipts in the administration: what became of each, and the buttons.
 */
final class OperationList
{
    private Services $services;

    public function __construct(Services $services)
    {
        $this->services = $services;
    }

    /**
     * Does what a button asks for. Rights and the session were checked by the page.
     *
     * @return string what to tell the person
     */
    public function act(string $action, string $number): string
    {
        $operation = $this->services->operations()->find($number);
        if ($operation === null) {
            return self::say('UNKNOWN');
        }
        if ($action === 'ask') {
            $this->services->worker()->advance($operation);
            return self::say('ASKED');
        }
        if ($action !== 'again' || $operation->kind === Operation::CHECK) {
            return self::say('NOT_HERE');
        }
        $order = Order::load($operation->orderId);
        $isMade = $order !== null && $this->services->eventTrack()->again($operation, $order);
        return self::say($isMade ? 'AGAIN_DONE' : 'AGAIN_REFUSED');
    }

    /** @param string $session what bitrix_sessid_post gives */
    public function html(int $orderId, string $session): string
    {
        $rows = '';
        foreach ($this->services->operations()->ofOrder($orderId, 200) as $operation) {
            $rows .= $this->row($operation, $session);
        }
        $heads = '';
        foreach (['NUMBER', 'KIND', 'ORDER', 'STATE', 'MARK', 'ERROR', 'ACTIONS'] as $name) {
            $heads .= '<th>' . self::escape(self::say($name)) . '</th>';
        }
        return '<table class="adm-list-table"><thead><tr>' . $heads . '</tr></thead><tbody>' . $rows . '</tbody></table>';
    }

    private function row(Operation $operation, string $session): string
    {
        $mark = $operation->mark;
        $text = $mark === [] ? '' : sprintf(
            'ФН %s, ФД %s, ФПД %s',
            $mark['fn_1041'] ?? '',
            $mark['fd_1040'] ?? '',
            $mark['fpd_1077'] ?? ''
        );
        $cells = [$operation->number, self::say('KIND_' . $operation->kind), (string) $operation->orderId,
            self::say('STATE_' . $operation->state) ?: $operation->state, $text, trim($operation->error . ' ' . $operation->advice)];
        $html = '';
        foreach ($cells as $cell) {
            $html .= '<td>' . self::escape($cell) . '</td>';
        }
        return '<tr>' . $html . '<td>' . $this->link($operation) . $this->buttons($operation, $session) . '</td></tr>';
    }

    private function link(Operation $operation): string
    {
        if (preg_match('~^https?://~Di', $operation->receiptUrl) !== 1) {
            return '';
        }
        return '<a href="' . self::escape($operation->receiptUrl) . '" target="_blank" rel="noopener">'
            . self::escape(self::say('RECEIPT')) . '</a> ';
    }

    private function buttons(Operation $operation, string $session): string
    {
        $action = $operation->isOver() ? '' : 'ask';
        if ($operation->isSurelyNotPrinted() && $operation->kind !== Operation::CHECK) {
            $action = 'again';
        }
        if ($action === '' || $operation->state === Operation::CONFLICT) {
            return '';
        }
        return '<form method="post">' . $session
            . '<input type="hidden" name="number" value="' . self::escape($operation->number) . '">'
            . '<button name="action" value="' . $action . '">' . self::escape(self::say('BUTTON_' . $action)) . '</button></form>';
    }

    private static function say(string $name): string
    {
        return (string) Loc::getMessage('FISCALGATE_LIST_' . strtoupper($name));
    }

    private static function escape(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
