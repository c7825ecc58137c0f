<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate;

use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\QrCode;
use Fiscalgate\Sdk\Shop\Operation;
use Joomla\CMS\Language\Text;

/**
 * The receipts of an order, on its page in the administration.
 */
final class Panel
{
    private const URL = 'index.php?option=com_ajax&group=system&plugin=fiscalgate&format=raw';

    /** @var Operation[] */
    private array $operations;
    private int $remaining;
    private int $orderId;
    private string $token;

    /** @param Operation[] $operations */
    public function __construct(array $operations, int $remaining, int $orderId, string $token)
    {
        $this->operations = $operations;
        $this->remaining = $remaining;
        $this->orderId = $orderId;
        $this->token = $token;
    }

    public function html(): string
    {
        $rows = implode('', array_map([$this, 'row'], $this->operations));
        $table = $rows === '' ? '<p>' . $this->text('NONE') . '</p>' : '<table class="table"><thead><tr><th>'
            . $this->text('OPERATION') . '</th><th>' . $this->text('SUM') . '</th><th>' . $this->text('STATE') . '</th><th>'
            . $this->text('RECEIPT') . '</th><th></th></tr></thead><tbody>' . $rows . '</tbody></table>';
        return sprintf(
            '<div class="card mt-3" id="fiscalgate-panel" data-fiscalgate-url="%s" data-fiscalgate-token="%s" '
                . 'data-fiscalgate-order="%d"><div class="card-body"><h3>%s</h3>%s%s<p data-fiscalgate-answer></p></div></div>',
            $this->escape(self::URL),
            $this->escape($this->token),
            $this->orderId,
            $this->text('RECEIPTS'),
            $table,
            $this->actions()
        );
    }

    private function row(Operation $operation): string
    {
        $button = $operation->canRetry() && ($operation->needsSomebody() || $operation->getReason() !== '')
            ? $this->button('retry', 'RETRY', $operation->getKey()) : '';
        return sprintf(
            '<tr><td>%s<br><small>%s</small></td><td>%s</td><td>%s%s</td><td>%s</td><td>%s</td></tr>',
            $this->text($operation->isRefund() ? 'REFUND' : 'SALE'),
            $this->escape((string) $operation->getNumber()),
            $this->escape(Money::format($operation->getTotal())),
            $this->text('STATE_' . ($operation->getState() === '' ? $this->pending($operation) : $operation->getState())),
            $operation->getError() === '' ? '' : '<br><small class="text-danger">'
                . nl2br($this->escape($operation->getError())) . '</small>',
            $this->mark($operation),
            $button
        );
    }

    private function pending(Operation $operation): string
    {
        return $operation->getDue() > 0 ? 'pending' : 'stopped';
    }

    private function mark(Operation $operation): string
    {
        $mark = $operation->getMark();
        $parts = $mark === null ? [] : [$this->escape(sprintf(
            '%s %s · %s %d · %s %s',
            Text::_('PLG_SYSTEM_FISCALGATE_FN'),
            $mark->getDrive(),
            Text::_('PLG_SYSTEM_FISCALGATE_FD'),
            $mark->getDocument(),
            Text::_('PLG_SYSTEM_FISCALGATE_FPD'),
            $mark->getSign()
        )) . '<div style="width:7em">' . QrCode::svg($mark->getQr()) . '</div>'];
        if (preg_match('~^https?://~Di', $operation->getPage()) === 1) {
            $parts[] = '<a href="' . $this->escape($operation->getPage()) . '" target="_blank" rel="noopener noreferrer">'
                . $this->text('PAGE') . '</a>';
        }
        return implode('<br>', $parts);
    }

    private function actions(): string
    {
        if ($this->operations === []) {
            return $this->button('sell', 'SELL', '');
        }
        return $this->remaining <= 0 ? '' : sprintf(
            '<div class="d-flex gap-2"><input class="form-control w-auto" inputmode="decimal" data-fiscalgate-sum placeholder="%s" '
                . 'aria-label="%s">%s</div>',
            $this->escape(Money::format($this->remaining)),
            $this->text('REFUND_SUM'),
            $this->button('refund', 'REFUND_BUTTON', '')
        );
    }

    private function button(string $task, string $label, string $key): string
    {
        return sprintf(
            '<button type="button" class="btn btn-secondary" data-fiscalgate-task="%s" data-fiscalgate-key="%s"%s>%s</button>',
            $task,
            $this->escape($key),
            $task === 'retry' ? '' : ' data-fiscalgate-confirm="' . $this->text('CONFIRM') . '"',
            $this->text($label)
        );
    }

    private function text(string $key): string
    {
        return $this->escape(Text::_('PLG_SYSTEM_FISCALGATE_' . strtoupper($key)));
    }

    private function escape(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
