<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate\Extension;

use Fiscalgate\Plugin\System\Fiscalgate\Panel;
use Fiscalgate\Plugin\System\Fiscalgate\Receipts;
use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Money;
use Joomla\CMS\HTML\HTMLHelper;
use Joomla\CMS\Language\Text;
use Joomla\CMS\Plugin\CMSPlugin;
use Joomla\CMS\Session\Session;
use Joomla\Event\EventInterface;
use Joomla\Event\SubscriberInterface;

/**
 * Where Joomla and JoomShopping meet the receipts. Whatever goes wrong in an event of the shop stays here: an order is
 * never lost for a receipt.
 */
final class Fiscalgate extends CMSPlugin implements SubscriberInterface
{
    /** The routine of Joomla's scheduler. */
    public const ROUTINE = 'fiscalgate.receipts';
    /** How many operations of its order a button looks at. */
    private const AFTER_BUTTON = 2;
    private const TASK_OK = 0;
    private const TASK_FAILED = 5;

    protected $autoloadLanguage = true;
    private ?Receipts $receipts = null;
    private bool $isWorkPlanned = false;

    public static function getSubscribedEvents(): array
    {
        return [
            'onAfterCreateOrderFull' => 'onOrderCreated',
            'onOrderCreateAndSetStatus' => 'onOrderStatus',
            'onAfterChangeOrderStatus' => 'onOrderStatus',
            'onAfterChangeOrderStatusAdmin' => 'onOrderStatus',
            'onAfterSaveOrder' => 'onOrderCreated',
            'onBeforeShowOrder' => 'onShowOrder',
            'onAjaxFiscalgate' => 'onAjax',
            'onTaskOptionsList' => 'onTaskOptions',
            'onExecuteTask' => 'onTask',
        ];
    }

    public function setReceipts(Receipts $receipts): void
    {
        $this->receipts = $receipts;
    }

    /** onAfterCreateOrderFull ($order, $cart); onAfterSaveOrder ($order, $file) */
    public function onOrderCreated(EventInterface $event): void
    {
        $order = $event->getArgument(0);
        $this->guard(function (Receipts $receipts) use ($order): void {
            $orderId = (int) ($order->order_id ?? 0);
            if ($receipts->onStatus($orderId)) {
                $this->workLater($orderId);
            }
        });
    }

    /** The id of the order comes first, its new status second. */
    public function onOrderStatus(EventInterface $event): void
    {
        [$orderId, $status] = [(int) $event->getArgument(0), (int) $event->getArgument(1)];
        $this->guard(function (Receipts $receipts) use ($orderId, $status): void {
            if ($receipts->onStatus($orderId, $status)) {
                $this->workLater($orderId);
            }
        });
    }

    /** onBeforeShowOrder ($view): the page of an order for the owner */
    public function onShowOrder(EventInterface $event): void
    {
        $view = $event->getArgument(0);
        $isForReading = !empty($view->print) || !empty($view->display_info_only_product);
        if ($isForReading || !$this->getApplication()->isClient('administrator')) {
            return;
        }
        $this->guard(function (Receipts $receipts) use ($view): void {
            $orderId = (int) $view->order->order_id;
            HTMLHelper::_('script', 'plg_system_fiscalgate/fiscalgate.js', ['relative' => true, 'version' => 'auto']);
            $panel = new Panel($receipts->ofOrder($orderId), $receipts->remaining($orderId), $orderId, Session::getFormToken());
            $view->_ext_end_html = ($view->_ext_end_html ?? '') . $panel->html();
        });
    }

    /** com_ajax: on the site the gateway's callbacks, in the administration the buttons. */
    public function onAjax(EventInterface $event): void
    {
        $app = $this->getApplication();
        $text = $app->isClient('administrator') ? $this->button() : $this->callback();
        if (method_exists($event, 'addResult')) {
            $event->addResult($text);
        } else {
            $event->setArgument('result', array_merge((array) ($event->getArgument('result') ?: []), [$text]));
        }
    }

    /** onTaskOptionsList */
    public function onTaskOptions(EventInterface $event): void
    {
        $event->getArgument('subject')->addOptions([self::ROUTINE => 'PLG_SYSTEM_FISCALGATE_TASK']);
    }

    /** onExecuteTask */
    public function onTask(EventInterface $event): void
    {
        if ($event->getRoutineId() !== self::ROUTINE) {
            return;
        }
        $started = microtime(true);
        $isDone = $this->guard(static function (Receipts $receipts): void {
            $receipts->work();
        });
        $event->setResult(['status' => $isDone ? self::TASK_OK : self::TASK_FAILED, 'startTime' => $started,
            'endTime' => microtime(true), 'duration' => microtime(true) - $started]);
        $event->stopPropagation();
    }

    /**
     * Once the answer has gone out nobody waits, and what this request has brought about can be handed over; where PHP
     * cannot tell, the scheduler does it. Not in onAfterRespond: a redirect has none.
     */
    private function workLater(int $orderId): void
    {
        if ($this->isWorkPlanned || !function_exists('fastcgi_finish_request')) {
            return;
        }
        $this->isWorkPlanned = true;
        register_shutdown_function(function () use ($orderId): void {
            $this->getApplication()->getSession()->close(); // the buyer's next page would wait for it
            fastcgi_finish_request();
            $this->guard(static function (Receipts $receipts) use ($orderId): void {
                $receipts->workAtOnce($orderId);
            });
        });
    }

    private function callback(): string
    {
        $app = $this->getApplication();
        $app->setHeader('Cache-Control', 'no-store', true);
        $input = $app->getInput();
        if ($input->getMethod() !== 'POST') {
            $app->setHeader('status', '405', true);
            return 'POST only';
        }
        $headers = [];
        foreach (['webhook-id', 'webhook-timestamp', 'webhook-signature'] as $name) {
            $headers[$name] = $input->server->getString('HTTP_' . strtoupper(strtr($name, '-', '_')), '');
        }
        $answer = null;
        $this->guard(static function (Receipts $receipts) use ($headers, $input, &$answer): void {
            $answer = $receipts->receive($headers, (string) $input->json->getRaw()); // byte for byte
        });
        $app->setHeader('status', (string) ($answer === null ? 500 : $answer->getStatus()), true);
        return $answer === null ? 'error' : $answer->getBody();
    }

    /** A button of the panel or of the settings; gives JSON {ok, text}. */
    private function button(): string
    {
        $app = $this->getApplication();
        $input = $app->getInput();
        $user = $app->getIdentity();
        $task = $input->post->getCmd('task', '');
        $mayTask = $user !== null && ($task === 'check' ? $user->authorise('core.admin')
            : $user->authorise('core.manage', 'com_jshopping'));
        if (!Session::checkToken('post') || !$mayTask) {
            $app->setHeader('status', '403', true);
            return $this->json(false, Text::_('JERROR_ALERTNOAUTHOR'));
        }
        try {
            return $this->json(true, $this->doTask($task, $input->post->getInt('order', 0), $input->post));
        } catch (ApiException $e) {
            return $this->json(false, $e->explain());
        } catch (\Throwable $e) {
            return $this->json(false, $e->getMessage());
        }
    }

    /** @param \Joomla\Input\Input $input */
    private function doTask(string $task, int $orderId, $input): string
    {
        switch ($task) {
            case 'check':
                $this->receipts->check();
                return Text::_('PLG_SYSTEM_FISCALGATE_CONNECTION_OK');
            case 'sell':
                $this->receipts->sellByHand($orderId);
                break;
            case 'refund':
                $sum = trim($input->getString('sum', ''));
                $this->receipts->refund($orderId, $sum === '' ? null : Money::parse($sum));
                break;
            case 'retry':
                $operation = $this->receipts->retry($input->getString('key', ''));
                $orderId = $operation === null ? 0 : (int) $operation->getOrder();
                break;
            default:
                throw new \InvalidArgumentException(Text::_('JERROR_LAYOUT_PAGE_NOT_FOUND'));
        }
        $this->receipts->work(self::AFTER_BUTTON, $orderId);
        return Text::_('PLG_SYSTEM_FISCALGATE_DONE');
    }

    private function json(bool $ok, string $text): string
    {
        $this->getApplication()->setHeader('Content-Type', 'application/json; charset=utf-8', true);
        return (string) json_encode(['ok' => $ok, 'text' => $text], JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE);
    }

    /** @param callable $what (Receipts) */
    private function guard(callable $what): bool
    {
        try {
            if ($this->receipts !== null) {
                $what($this->receipts);
            }
            return true;
        } catch (\Throwable $e) {
            Receipts::log('error', 'The receipts have a fault', ['error' => $e->getMessage(),
                'place' => basename($e->getFile()) . ':' . $e->getLine()]);
            return false;
        }
    }
}
